// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainrun.h"

#include "base/file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace paretoscope::cli {

namespace fs = std::filesystem;

namespace {

constexpr int kSchema = 1;

Json trackerJson(const TrackerArguments& t)
{
    Json j{{"grid", t.grid}, {"pue", plainNumber(t.pue)}, {"attribution", t.attribution}, {"intervalS", plainNumber(t.intervalS)}};
    if (!t.gridCsv.empty())
        j["gridCsv"] = t.gridCsv;
    if (t.tdpW)
        j["tdpW"] = plainNumber(*t.tdpW);
    if (!t.gpu.empty()) {
        j["gpu"] = t.gpu;
        j["gpus"] = t.gpus;
    }
    if (t.budgetG)
        j["budgetCo2eG"] = plainNumber(*t.budgetG);
    return j;
}

TrackerArguments trackerFromJson(const JsonView& v)
{
    v.onlyKeys({"grid", "gridCsv", "pue", "attribution", "intervalS", "tdpW", "gpu", "gpus", "budgetCo2eG"});
    TrackerArguments t;
    t.grid = v.at("grid").string();
    if (v.has("gridCsv"))
        for (const auto& file : v.at("gridCsv").elements(100))
            t.gridCsv.push_back(file.string());
    t.pue = v.at("pue").number(0);
    t.attribution = v.at("attribution").string();
    t.intervalS = v.at("intervalS").number(0);
    if (v.has("tdpW"))
        t.tdpW = v.at("tdpW").number(0);
    t.gpu = v.stringOr("gpu", "");
    if (v.has("gpus"))
        t.gpus = static_cast<int>(v.at("gpus").integer(1, 1024));
    if (v.has("budgetCo2eG"))
        t.budgetG = v.at("budgetCo2eG").number(0);
    return t;
}

std::string accuracyCell(const EpochRecord& e, std::string_view which)
{
    for (const auto& a : e.accuracies)
        if (a.which == which)
            return fmt::format("{:.2f}", 100.0 * static_cast<double>(a.correct) / static_cast<double>(a.images));
    return {};
}

} // namespace

RunFolder::~RunFolder()
{
    if (m_lock >= 0)
        close(m_lock); // and with it the lock
}

void RunFolder::requireNew() const
{
    if (fs::exists(m_path / "run.json"))
        throw ValueError({m_path.string(), "a training run is there already", {}, fmt::format("--resume {}, or another folder", m_path.string())});
}

void RunFolder::begin(const RunSettings& settings)
{
    requireNew();
    std::error_code error;
    fs::create_directories(m_path, error);
    if (error)
        throw IoError({m_path.string(), "the folder cannot be made", error.message(), {}});
    lock();
    write(settings);
}

void RunFolder::write(const RunSettings& settings) const
{
    writeFileAtomically(m_path / "run.json",
        std::string_view(printJson({{"schema", kSchema}, {"data", settings.data}, {"images", settings.images}, {"compute", settings.compute}, {"threads", settings.threads}, {"carbon", trackerJson(settings.tracker)}, {"config", toJson(settings.config)}})));
}

RunSettings RunFolder::read() const
{
    const auto json = readJsonFile(m_path / "run.json");
    const JsonView v(json, (m_path / "run.json").string());
    v.onlyKeys({"schema", "data", "images", "compute", "threads", "carbon", "config"});
    v.at("schema").integer(kSchema, kSchema);
    RunSettings s;
    s.data = v.at("data").string();
    s.images = v.stringOr("images", {});
    s.compute = v.at("compute").string();
    s.threads = static_cast<int>(v.at("threads").integer(0, 1 << 20));
    s.tracker = trackerFromJson(v.at("carbon"));
    s.config = trainingConfigFromJson(v.at("config"));
    return s;
}

void RunFolder::lock()
{
    if (m_lock >= 0)
        return;
    const auto file = m_path / "lock";
    m_lock = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_lock < 0)
        throw IoError({file.string(), "cannot be written", std::strerror(errno), "a folder that exists and is writable"});
    if (flock(m_lock, LOCK_EX | LOCK_NB) != 0)
        throw ValueError({m_path.string(), "another program is training in this folder", {}, "to wait for it, or another folder"});
}

void RunFolder::writeEpochs(const TrainingState& state) const
{
    std::string csv = "phase,epoch,learning_rate,loss,distillation_loss,classification_loss,gradient_norm,steps,largest_top1_percent,smallest_top1_percent,random_top1_percent,validation_images,seconds\n";
    const auto& phases = state.config["phases"];
    for (const auto& e : state.epochs) {
        const auto n = static_cast<double>(e.sums.steps);
        csv += fmt::format("{},{},{:.9g},{:.17g},{:.17g},{:.17g},{:.17g},{},{},{},{},{},{:.1f}\n", phases[e.phase]["name"].get<std::string>(), e.epoch + 1, e.learningRate, e.sums.loss / n,
            e.sums.distillation / n, e.sums.classification / n, e.sums.gradientNorm / n, e.sums.steps, accuracyCell(e, "largest"), accuracyCell(e, "smallest"), accuracyCell(e, "random"),
            e.accuracies.empty() ? std::string() : fmt::format("{}", e.accuracies.front().images), e.sums.seconds);
    }
    writeFileAtomically(m_path / "epochs.csv", std::string_view(csv));
}

void RunFolder::writeEnergy(const RunReport& report) const { writeFileAtomically(energy(), std::string_view(printJson(toJson(report)))); }

void RunFolder::writeBundle(const Bundle& bundle) const
{
    const auto target = m_path / "bundle", fresh = m_path / "bundle.new", old = m_path / "bundle.old";
    fs::remove_all(fresh);
    fs::remove_all(old);
    saveBundle(bundle, fresh);
    std::error_code none;
    fs::rename(target, old, none); // there is none before the first phase ends
    fs::rename(fresh, target);
    fs::remove_all(old);
}

} // namespace paretoscope::cli
