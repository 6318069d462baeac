// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a subnet costs on the devices beside the target, with band, and what to be careful of.
#pragma once

#include "state/table.h"

#include <QWidget>

#include <optional>

class QVBoxLayout;

namespace paretoscope::desktop {

class OtherDevices : public QWidget {
    Q_OBJECT
public:
    explicit OtherDevices(QWidget* parent = nullptr);
    /// Hidden where there are no others, or no subnet.
    void show(const World* world, const std::optional<Subnet>& subnet);
    /// One device: name, figures, and each guard on a line of its own.
    static QStringList linesOf(const World& world, std::size_t device, const Subnet& subnet);

private:
    QVBoxLayout* m_layout;
};

} // namespace paretoscope::desktop
