// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "picture.h"

#include <QBuffer>
#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <qcustomplot.h>

#include <memory>

namespace paretoscope::desktop {

namespace {

constexpr double kScale = 2;
constexpr double kScreenDpi = 96;
constexpr double kPointsPerPixel = 72 / kScreenDpi;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Picture)
};

QImage imageOf(QWidget& widget)
{
    if (auto* plot = qobject_cast<QCustomPlot*>(&widget))
        return plot->toPixmap(plot->width(), plot->height(), kScale).toImage();
    QImage image(widget.size() * kScale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(kScale);
    image.fill(widget.palette().color(QPalette::Window));
    widget.render(&image);
    return image;
}

/// As large on paper as on a screen of 96 dpi.
QByteArray pdfOf(QCustomPlot& plot)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setCreator(QStringLiteral("%1 %2").arg(QCoreApplication::applicationName(), QCoreApplication::applicationVersion()));
    writer.setPageSize(QPageSize(QSizeF(plot.size()) * kPointsPerPixel, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins({});
    writer.setResolution(static_cast<int>(kScreenDpi));
    QCPPainter painter(&writer);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    plot.toPainter(&painter, plot.width(), plot.height());
    painter.end();
    return buffer.data();
}

QByteArray svgOf(QCustomPlot& plot)
{
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(static_cast<int>(kScreenDpi));
    generator.setSize(plot.size());
    generator.setViewBox(QRect(QPoint(), plot.size()));
    generator.setTitle(plot.accessibleName());
    generator.setDescription(plot.accessibleDescription());
    QCPPainter painter(&generator);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    plot.toPainter(&painter, plot.width(), plot.height());
    painter.end();
    return buffer.data();
}

QByteArray pngOf(QWidget& widget)
{
    auto image = imageOf(widget);
    image.setDotsPerMeterX(qRound(kScale * kScreenDpi / 0.0254));
    image.setDotsPerMeterY(image.dotsPerMeterX());
    image.setText(QStringLiteral("Software"), QStringLiteral("%1 %2").arg(QCoreApplication::applicationName(), QCoreApplication::applicationVersion()));
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data();
}

} // namespace

QString pictureFilter(const QWidget& widget)
{
    const auto png = Texts::tr("Pictures (*.png)");
    return qobject_cast<const QCustomPlot*>(&widget) ? png + QStringLiteral(";;") + Texts::tr("Documents (*.pdf)") + QStringLiteral(";;") + Texts::tr("Vector pictures (*.svg)") : png;
}

std::optional<QString> savePicture(QWidget& widget, const QString& path)
{
    auto* plot = qobject_cast<QCustomPlot*>(&widget);
    const auto ends = [&](const char* suffix) { return path.endsWith(QLatin1String(suffix), Qt::CaseInsensitive); };
    QByteArray bytes;
    if (ends(".png"))
        bytes = pngOf(widget);
    else if (plot && ends(".pdf"))
        bytes = pdfOf(*plot);
    else if (plot && ends(".svg"))
        bytes = svgOf(*plot);
    else
        return Texts::tr("The picture was not saved: the name must end in %1.").arg(plot ? QStringLiteral(".png, .pdf, .svg") : QStringLiteral(".png"));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return Texts::tr("The picture was not saved: %1. Save it at another place.").arg(file.errorString());
    return std::nullopt;
}

void copyPicture(QWidget& widget) { QGuiApplication::clipboard()->setImage(imageOf(widget)); }

} // namespace paretoscope::desktop
