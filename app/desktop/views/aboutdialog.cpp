// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/aboutdialog.h"

#include "state/explorerstate.h"

#include <QCoreApplication>

#include <qcustomplot.h>

namespace paretoscope::desktop {

namespace {

struct Library {
    const char *name, *licence, *address;
};

// What is linked into the window, the core and the engine. Names and licences are the same in all languages.
constexpr Library kLibraries[] = {
    {"Qt 6", "LGPL-3.0", "https://www.qt.io"},
    {"Qt Charts", "GPL-3.0", "https://doc.qt.io/qt-6/qtcharts-index.html"},
    {"QCustomPlot", "GPL-3.0-or-later", "https://www.qcustomplot.com"},
    {"LibTorch", "BSD-3-Clause", "https://pytorch.org"},
    {"ONNX", "Apache-2.0", "https://onnx.ai"},
    {"Protocol Buffers", "BSD-3-Clause", "https://protobuf.dev"},
    {"Eigen", "MPL-2.0", "https://eigen.tuxfamily.org"},
    {"fmt", "MIT", "https://fmt.dev"},
    {"nlohmann JSON", "MIT", "https://json.nlohmann.me"},
    {"yaml-cpp", "MIT", "https://github.com/jbeder/yaml-cpp"},
    {"CLI11", "BSD-3-Clause", "https://github.com/CLIUtils/CLI11"},
    {"Boost", "BSL-1.0", "https://www.boost.org"},
    {"OpenSSL", "Apache-2.0", "https://www.openssl.org"},
    {"libzip", "BSD-3-Clause", "https://libzip.org"},
    {"zlib", "Zlib", "https://zlib.net"},
    {"libpng", "libpng-2.0", "http://www.libpng.org"},
    {"libjpeg-turbo", "IJG AND BSD-3-Clause", "https://libjpeg-turbo.org"},
};

// Facts whose licences ask that they are named; NOTICE has all of them.
constexpr Library kFacts[] = {
    {"Ember, Yearly Electricity Data", "CC-BY-4.0", "https://ember-energy.org"},
    {"Green Algorithms v3.0", "CC-BY-4.0", "https://www.green-algorithms.org"},
    {"US EPA, eGRID2022, eGRID2023", "public domain", "https://www.epa.gov/egrid"},
    {"Google, region-carbon-info", "Apache-2.0", "https://github.com/GoogleCloudPlatform/region-carbon-info"},
    {"Boavizta, environmental-footprint-data", "ODbL-1.0", "https://boavizta.org"},
    {"Cloud Carbon Footprint", "Apache-2.0", "https://www.cloudcarbonfootprint.org"},
    {"mlco2/impact, codecarbon, ACT, HW-NAS-Bench", "MIT", "https://mlco2.github.io/impact"},
};

QString row(const QString& what, const QString& licence, const QString& source)
{
    return QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2&nbsp;&nbsp;</td><td>%3</td></tr>").arg(what.toHtmlEscaped(), licence.toHtmlEscaped(), source);
}

QString linkTo(const QString& source)
{
    const auto safe = source.toHtmlEscaped();
    return source.startsWith(QStringLiteral("http")) && !source.contains(u' ') ? QStringLiteral("<a href=\"%1\">%1</a>").arg(safe) : safe;
}

template <std::size_t N>
QString table(const Library (&entries)[N])
{
    QString rows;
    for (const auto& e : entries)
        rows += row(QString::fromUtf8(e.name), QString::fromUtf8(e.licence), linkTo(QString::fromUtf8(e.address)));
    return QStringLiteral("<table>%1</table>").arg(rows);
}

} // namespace

AboutDialog::AboutDialog(const ExplorerState& state, QWidget* parent)
    : TextDialog([&state] { return pageOf(state); }, parent)
{
}

TextDialog::Page AboutDialog::pageOf(const ExplorerState& state)
{
    QString html = QStringLiteral("<h2>Paretoscope %1</h2>").arg(QCoreApplication::applicationVersion());
    html += QStringLiteral("<p>%1</p>").arg(tr("Explorer of the accuracy, latency and carbon trade-off of once-for-all networks."));
    html += QStringLiteral("<p>%1</p>").arg(tr("© 2026 The Paretoscope authors. Free software under the GNU General Public License, version 3 or later (GPL-3.0-or-later), without any warranty: see <a href=\"%1\">%1</a>.").arg(QStringLiteral("https://www.gnu.org/licenses/gpl-3.0.html")));
    if (const auto& world = state.world()) {
        const auto& bundle = *world->bundle;
        html += QStringLiteral("<h3>%1</h3>").arg(tr("The open bundle: %1").arg(QString::fromStdString(bundle.title).toHtmlEscaped()));
        QString rows;
        for (const auto& l : bundle.licences)
            rows += row(QString::fromStdString(l.what), QString::fromStdString(l.licence), linkTo(QString::fromStdString(l.source)));
        html += rows.isEmpty() ? QStringLiteral("<p>%1</p>").arg(tr("It does not say under which licences its data are.")) : QStringLiteral("<table>%1</table>").arg(rows);
        for (const auto& known : world->devices)
            html += QStringLiteral("<p>%1</p>").arg(tr("Latencies of %1: %2 (%3)").arg(QString::fromStdString(known.device.title).toHtmlEscaped(), QString::fromStdString(known.device.source).toHtmlEscaped(), QString::fromStdString(known.device.licence).toHtmlEscaped()));
    }
    html += QStringLiteral("<h3>%1</h3><p>%2</p>").arg(tr("Libraries"), tr("Qt %1 and QCustomPlot %2 are in use.").arg(QString::fromLatin1(qVersion()), QStringLiteral(QCUSTOMPLOT_VERSION_STR)));
    html += table(kLibraries);
    html += QStringLiteral("<h3>%1</h3>").arg(tr("Facts of grids, hardware and models"));
    html += table(kFacts);
    html += QStringLiteral("<p>%1</p>").arg(tr("Search spaces and formats follow Cai et al., “Once-for-All: Train One Network and Specialize It for Efficient Deployment”, ICLR 2020. The file NOTICE names all sources."));
    return {tr("About Paretoscope"), html};
}

} // namespace paretoscope::desktop
