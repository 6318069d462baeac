// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/helpdialog.h"

#include "mainactions.h"

namespace paretoscope::desktop {

HelpDialog::HelpDialog(const MainActions& actions, QWidget* parent)
    : TextDialog([&actions] { return pageOf(actions); }, parent)
{
}

TextDialog::Page HelpDialog::pageOf(const MainActions& actions)
{
    QString html;
    const auto heading = [&](const QString& text) { html += QStringLiteral("<h3>%1</h3>").arg(text); };
    const auto paragraph = [&](const QString& text) { html += QStringLiteral("<p>%1</p>").arg(text); };
    const auto list = [&](std::initializer_list<QString> items) {
        html += QStringLiteral("<ul>");
        for (const auto& item : items)
            html += QStringLiteral("<li>%1</li>").arg(item);
        html += QStringLiteral("</ul>");
    };
    heading(tr("The question"));
    paragraph(tr("A once-for-all supernet holds a vast number of subnets. Each one is a network of its own, with its accuracy, its latency on a device, and what it emits. "
                 "The window answers one question: which subnet for this device, within these limits, at what carbon cost?"));
    heading(tr("What the picture shows"));
    list({tr("<b>● dots</b>: sampled subnets that satisfy all limits. <b>○ hollow dots</b>: those that miss one."),
        tr("<b>◆ line</b>: the front. No subnet is both cheaper and more accurate than one of these. Between two of them nothing better is known: the line is made of steps."),
        tr("<b>Band</b>: how far the predicted accuracy may be off, at 90 %. Two subnets whose bands overlap can hardly be told apart."),
        tr("<b>★ star</b>: the suggestion. It is the knee of the front, after which every further gain costs much more."),
        tr("<b>Letters</b>: subnets that you have pinned to compare them."),
        tr("<b>Hatched part</b>: what lies beyond a limit. Drag its edge, or the slider on the left: they are the same limit.")});
    heading(tr("How it is read"));
    list({tr("Choose the device first: latency, energy and emissions are those of this device."),
        tr("Set limits on what you cannot exceed, then read the accuracy off the front at that place."),
        tr("Every figure says where it comes from in its tool-tip: measured, from a table, modelled or predicted, and how far off it may be."),
        tr("Emissions are of a million inferences with the electricity grid that is chosen on the left; another grid moves them, and not the accuracies."),
        tr("If no subnet satisfies the limits, the banner says how little would have to give way.")});
    heading(tr("Mouse"));
    list({tr("Click a dot to select it, drag a rectangle to brush both axes, double-click to show all, turn the wheel to look closer, drag with the middle button or with Space held to move."),
        tr("The arrow keys walk along the front, Enter pins.")});
    heading(tr("Keys"));
    QString rows;
    for (const auto* action : actions.all())
        if (!action->shortcut().isEmpty())
            rows += QStringLiteral("<tr><td><b>%1</b>&nbsp;&nbsp;</td><td>%2</td></tr>").arg(action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped(), actions.titleOf(action).toHtmlEscaped());
    html += QStringLiteral("<table>%1</table>").arg(rows);
    return {tr("How to read the picture"), html};
}

} // namespace paretoscope::desktop
