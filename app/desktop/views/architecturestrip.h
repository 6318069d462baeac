// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A subnet at a glance: a bar a block, stage by stage; its height is the expansion, its shade the kernel.
#pragma once

#include "space/space.h"

#include <QWidget>

#include <optional>

namespace paretoscope::desktop {

class ArchitectureStrip : public QWidget {
    Q_OBJECT
public:
    explicit ArchitectureStrip(QWidget* parent = nullptr);
    /// The space must outlive what is shown of it.
    void show(const SearchSpace* space, const std::optional<Subnet>& subnet);
    static QString describe(const SearchSpace& space, const Subnet& subnet);
    QSize sizeHint() const override { return {260, 74}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const SearchSpace* m_space = nullptr;
    std::optional<Subnet> m_subnet;
};

} // namespace paretoscope::desktop
