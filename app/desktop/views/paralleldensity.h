// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// All sampled subnets behind the axes of the parallel coordinates: which of them pass, and the picture of how densely
// their lines lie. Both are kept until what they come of changes.
#pragma once

#include "state/explorerstate.h"
#include "views/densitymaker.h"
#include "views/parallelaxes.h"
#include "views/theme.h"

#include <QImage>
#include <QObject>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace paretoscope::desktop {

class ParallelDensity : public QObject {
    Q_OBJECT
public:
    explicit ParallelDensity(QObject* parent = nullptr);

    void follow(const ExplorerState& state);
    std::size_t rows() const { return m_rows.size(); }
    std::size_t passing() const { return m_passing; }

    /// The newest one there is for axes that stand there; a newer one may be on its way. Null for less than two axes.
    const QImage& picture(const AxisLayout& layout, qreal ratio, const Colours& colours);
    /// How often a picture was asked for.
    int asked() const { return m_asked; }
    bool busy() const { return m_maker.busy(); }

signals:
    void changed();

private:
    /// What decides which rows pass.
    struct RowsKey {
        std::shared_ptr<const World> world;
        std::shared_ptr<const Table> cloud;
        std::vector<MetricLimit> limits;
        std::string filter;
        std::vector<Brush> brushes;
        bool showInfeasible = true, showDominated = true;
        bool operator==(const RowsKey&) const = default;
    };
    struct PictureKey {
        int rows = 0; // which m_rows
        std::vector<PlacedAxis> axes;
        QSize size;
        qreal ratio = 1;
        QRgb passing = 0, others = 0;
        bool operator==(const PictureKey&) const = default;
    };
    Polylines linesOver(const AxisLayout& layout, qreal ratio) const;

    RowsKey m_rowsKey;
    std::vector<std::uint8_t> m_rows; // of the cloud: 0 left out, 1 misses something, 2 passes
    int m_rowsMade = 0;
    std::size_t m_passing = 0;
    PictureKey m_pictureKey;
    QImage m_picture;
    DensityMaker m_maker;
    int m_asked = 0;
};

} // namespace paretoscope::desktop
