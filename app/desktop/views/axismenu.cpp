// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/axismenu.h"

#include <QCoreApplication>

namespace paretoscope::desktop {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(paretoscope::desktop::ParallelView)
};

} // namespace

AxisMenu::AxisMenu(QWidget* parent)
    : QMenu(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
}

void AxisMenu::addAxis(const QString& title, const ParallelAxis& axis, const Can& can)
{
    const auto toggle = [&](const QString& text, AxisFlag flag) {
        auto* action = addAction(text);
        action->setCheckable(true);
        action->setChecked(axis.*flag);
        connect(action, &QAction::triggered, this, [this, flag](bool on) { emit flagChosen(flag, on); });
        return action;
    };
    addSection(title);
    toggle(Texts::tr("Flip"), &ParallelAxis::flipped);
    toggle(Texts::tr("Logarithmic"), &ParallelAxis::logarithmic)->setEnabled(can.beLogarithmic);
    toggle(Texts::tr("Robust range (1 % to 99 %)"), &ParallelAxis::robust);
    addSeparator();
    connect(addAction(Texts::tr("Type a range…")), &QAction::triggered, this, &AxisMenu::typingChosen);
    auto* lift = addAction(Texts::tr("Remove brush"));
    lift->setEnabled(can.loseBrush);
    connect(lift, &QAction::triggered, this, &AxisMenu::removalChosen);
    addSeparator();
    auto* hide = addAction(Texts::tr("Hide"));
    hide->setEnabled(can.beHidden);
    connect(hide, &QAction::triggered, this, &AxisMenu::hidingChosen);
}

void AxisMenu::addShowAll(bool enabled)
{
    auto* all = addAction(Texts::tr("Show all"));
    all->setEnabled(enabled);
    connect(all, &QAction::triggered, this, &AxisMenu::allChosen);
}

} // namespace paretoscope::desktop
