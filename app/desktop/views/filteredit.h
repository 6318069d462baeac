// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The filter as it is typed. What cannot be read yet stays as it is, is marked, and changes nothing.
#pragma once

#include "state/explorerstate.h"

#include <QLineEdit>

namespace paretoscope::desktop {

class FilterEdit : public QLineEdit {
    Q_OBJECT
public:
    explicit FilterEdit(ExplorerState& state, QWidget* parent = nullptr);
    void retranslate();

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow(ExplorerState::Changes what);
    void take();
    void mark(bool wrong);

    ExplorerState& m_state;
    bool m_updating = false;
};

} // namespace paretoscope::desktop
