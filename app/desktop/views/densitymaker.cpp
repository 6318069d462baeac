// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/densitymaker.h"

#include <utility>

namespace paretoscope::desktop {

DensityMaker::DensityMaker(QObject* parent)
    : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
}

DensityMaker::~DensityMaker()
{
    m_pool.clear();
    m_pool.waitForDone();
}

QImage DensityMaker::make(const Job& job)
{
    auto image = toned(accumulate(job.lines, job.size.width(), job.size.height()), job.passing, job.others);
    image.setDevicePixelRatio(job.ratio);
    return image;
}

void DensityMaker::ask(Job job)
{
    m_pool.clear();
    m_pool.start([this, run = ++m_asked, job = std::move(job)] {
        auto image = make(job);
        QMetaObject::invokeMethod(this, [this, run, image = std::move(image)] {
            if (run <= m_made) // cancelled
                return;
            m_made = run;
            emit made(image);
        }, Qt::QueuedConnection);
    });
}

void DensityMaker::cancel()
{
    m_pool.clear();
    m_made = m_asked;
}

} // namespace paretoscope::desktop
