// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ten thousand random events on the whole window: it neither crashes nor hangs, and can still be worked with afterwards.
#include "support.h"

#include "mainwindow.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMenu>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>

using namespace paretoscope;
using namespace paretoscope::desktop;

namespace {

constexpr int kEvents = 10'000;
constexpr int kLongestMs = 10'000; // of one event: a hang, and not a slow machine

QStringList complaints;

void collect(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    const bool platform = text.startsWith(QStringLiteral("QStandardPaths")) || text.startsWith(QStringLiteral("This plugin does not support")); // offscreen
    if (type != QtDebugMsg && type != QtInfoMsg && !platform)
        complaints += text;
}

/// What would wait for an answer gets none: dialogs are turned down, menus go away.
class Dismisser : public QObject {
public:
    Dismisser()
    {
        connect(&m_timer, &QTimer::timeout, this, [] {
            if (auto* popup = QApplication::activePopupWidget())
                popup->close();
            else if (auto* modal = QApplication::activeModalWidget())
                modal->close();
        });
        m_timer.start(20);
    }

private:
    QTimer m_timer;
};

} // namespace

class TestRandom : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void survives();

private:
    void one(MainWindow& window);
    QWidget* someWidget(QWidget& root);
    QPoint somewhere(const QWidget& widget) { return {m_random.bounded(std::max(1, widget.width())), m_random.bounded(std::max(1, widget.height()))}; }
    template <typename T> T oneOf(std::initializer_list<T> list) { return list.begin()[m_random.bounded(static_cast<int>(list.size()))]; }

    QRandomGenerator m_random{20261126};
};

void TestRandom::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QApplication::setOrganizationName(QStringLiteral("Paretoscope"));
    QApplication::setApplicationName(QStringLiteral("tst_random"));
    qInstallMessageHandler(collect);
}

QWidget* TestRandom::someWidget(QWidget& root)
{
    QList<QWidget*> visible;
    for (auto* w : root.findChildren<QWidget*>())
        if (w->isVisible() && !w->size().isEmpty())
            visible += w;
    return visible.isEmpty() ? &root : visible.at(m_random.bounded(static_cast<int>(visible.size())));
}

void TestRandom::one(MainWindow& window)
{
    auto* w = someWidget(window);
    const auto modifiers = oneOf<Qt::KeyboardModifiers>({Qt::NoModifier, Qt::NoModifier, Qt::ShiftModifier, Qt::ControlModifier, Qt::AltModifier});
    switch (m_random.bounded(12)) {
    case 0:
    case 1:
    case 2: QTest::mouseClick(w, oneOf({Qt::LeftButton, Qt::LeftButton, Qt::LeftButton, Qt::RightButton, Qt::MiddleButton}), modifiers, somewhere(*w)); break;
    case 3: QTest::mouseDClick(w, Qt::LeftButton, modifiers, somewhere(*w)); break;
    case 4: { // a drag
        const auto button = oneOf({Qt::LeftButton, Qt::LeftButton, Qt::MiddleButton});
        QTest::mousePress(w, button, modifiers, somewhere(*w));
        for (int i = 0; i < 4; ++i) {
            const auto at = somewhere(*w);
            QMouseEvent move(QEvent::MouseMove, at, w->mapToGlobal(at), Qt::NoButton, button, modifiers);
            QApplication::sendEvent(w, &move);
        }
        QTest::mouseRelease(w, button, modifiers, somewhere(*w));
        break;
    }
    case 5: QTest::mouseMove(w, somewhere(*w)); break;
    case 6: {
        const auto at = somewhere(*w);
        QWheelEvent wheel(at, w->mapToGlobal(at), {}, {0, oneOf({-120, 120, 15, -1200})}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(w, &wheel);
        break;
    }
    case 7:
    case 8: {
        auto* target = QApplication::focusWidget() ? QApplication::focusWidget() : &window;
        QTest::keyClick(target, static_cast<Qt::Key>(oneOf<int>({Qt::Key_Tab, Qt::Key_Backtab, Qt::Key_Up, Qt::Key_Down, Qt::Key_Left, Qt::Key_Right, Qt::Key_PageUp, Qt::Key_PageDown, Qt::Key_Home, Qt::Key_End,
                                    Qt::Key_Return, Qt::Key_Space, Qt::Key_Escape, Qt::Key_Delete, Qt::Key_Backspace, Qt::Key_P, Qt::Key_K, Qt::Key_C, Qt::Key_D, Qt::Key_I, Qt::Key_F, Qt::Key_1, Qt::Key_2, Qt::Key_3,
                                    Qt::Key_4, Qt::Key_5, Qt::Key_F1, Qt::Key_F5, Qt::Key_F9, Qt::Key_F10, Qt::Key_A, Qt::Key_Z, Qt::Key_E, Qt::Key_S, Qt::Key_L, Qt::Key_Comma})),
            modifiers);
        break;
    }
    case 9: {
        auto* target = QApplication::focusWidget() ? QApplication::focusWidget() : &window;
        QTest::keyClicks(target, oneOf<const char*>({"18 ms", "lat<20 & acc>76", "nonsense", "-1", "1e400", "0,5", "% & |", "99999999999"}));
        break;
    }
    case 10: window.resize(oneOf({640, 1000, 1280, 1440, 1900}), oneOf({420, 720, 900, 1100})); break;
    case 11: {
        auto& undo = window.explorer().state().undoStack();
        m_random.bounded(2) ? undo.undo() : undo.redo();
        break;
    }
    }
}

void TestRandom::survives()
{
    MainWindow window{QString()};
    window.show();
    const auto open = [&] { window.open(QStringLiteral("imagenet-ofa-mbv3-w1.0")); };
    open();
    auto& state = window.explorer().state();
    QTRY_VERIFY_WITH_TIMEOUT(state.phase() == desktop::Phase::Results, 60'000);
    const Dismisser dismisser;
    QElapsedTimer clock;
    for (int i = 0; i < kEvents; ++i) {
        clock.start();
        one(window);
        if (i % 8 == 0)
            QCoreApplication::processEvents();
        QVERIFY2(clock.elapsed() < kLongestMs, qPrintable(QStringLiteral("event %1 took %2 ms").arg(i).arg(clock.elapsed())));
        if (!window.isVisible())
            window.show(); // Ctrl+Q
        if (state.phase() == desktop::Phase::Empty)
            open(); // Ctrl+W
    }
    // All of that could be undone or is forgotten; a bundle opens and is searched as ever.
    window.explorer().close();
    QTRY_COMPARE_WITH_TIMEOUT(state.phase(), desktop::Phase::Empty, 10'000);
    open();
    QTRY_VERIFY_WITH_TIMEOUT(state.phase() == desktop::Phase::Results, 60'000);
    QVERIFY(!state.answer()->front.points.subnets.empty());
    QVERIFY2(complaints.isEmpty(), qPrintable(complaints.mid(0, 5).join('\n')));
}

QTEST_MAIN(TestRandom)
#include "tst_random.moc"
