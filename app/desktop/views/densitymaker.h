// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes pictures of densities off the GUI thread: ten axes of ten thousand lines take as long as a frame may.
#pragma once

#include "views/densityraster.h"

#include <QObject>
#include <QThreadPool>

namespace paretoscope::desktop {

class DensityMaker : public QObject {
    Q_OBJECT
public:
    struct Job {
        Polylines lines;
        QSize size; // pixels
        qreal ratio = 1;
        QColor passing, others;
    };

    explicit DensityMaker(QObject* parent = nullptr);
    /// Waits for the picture that is being made.
    ~DensityMaker() override;

    static QImage make(const Job& job);
    /// What waits is forgotten; what is being made still comes, so that something moves under a hand that never rests.
    void ask(Job job);
    /// Nothing comes of what was asked for.
    void cancel();
    bool busy() const { return m_asked != m_made; }

signals:
    void made(const QImage& image);

private:
    QThreadPool m_pool; // of one thread: two would compete for the processor that the window needs
    int m_asked = 0, m_made = 0;
};

} // namespace paretoscope::desktop
