// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pictures of what is on the screen, as files and on the clipboard. For papers there are figures in mm and pt instead.
#pragma once

#include <QString>

#include <optional>

class QCustomPlot;
class QWidget;

namespace paretoscope::desktop {

/// PNG, with twice the pixels of the screen so that it can be enlarged; a chart also as PDF or SVG. The name says which.
/// Whole or not at all. What went wrong, and what to do; nothing where it is written.
std::optional<QString> savePicture(QWidget& widget, const QString& path);
void copyPicture(QWidget& widget);

/// For file dialogs.
QString pictureFilter(const QWidget& widget);

} // namespace paretoscope::desktop
