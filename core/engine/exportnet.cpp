// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exportnet.h"

#include "base/file.h"
#include "base/random.h"
#include "base/sha256.h"
#include "checkpoint/pytorch.h"
#include "checkpoint/safetensors.h"
#include "space/netconfig.h"
#include "space/subnetjson.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace paretoscope {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 6> kNames{"torchscript", "state-dict", "safetensors", "onnx", "ofa-config", "model-card"};
constexpr int kTestImages = 2;
constexpr double kTolerance = 1e-4;

/// About standard normal, as normalised images are. The sum of twelve needs no function whose last bit depends on the
/// system.
Tensor noiseImages(int channels, int resolution)
{
    Random random(1);
    const Shape shape{kTestImages, channels, resolution, resolution};
    std::vector<float> values(static_cast<std::size_t>(kTestImages * channels) * static_cast<std::size_t>(resolution) * static_cast<std::size_t>(resolution));
    for (auto& v : values) {
        double sum = -6;
        for (int i = 0; i < 12; ++i)
            sum += random.uniform();
        v = static_cast<float>(sum);
    }
    return Tensor::fromFloats(shape, values);
}

class Exporter {
public:
    Exporter(Engine& engine, const StaticNet& net, const ExportRequest& request, const fs::path& target, const OnStep& onStep)
        : m_engine(engine)
        , m_net(net)
        , m_request(request)
        , m_subnet(net.subnet())
        , m_target(target)
        , m_onStep(onStep)
        , m_staged(target)
        , m_images(noiseImages(request.parts->space().inputChannels, net.subnet().resolution))
        , m_logits(net.forward(m_images))
        , m_values(m_logits.toFloats())
    {
        if (m_logits.hasNonFinite())
            throw EngineError({m_target.string(), "the net cannot be exported: its logits on normal noise are NaN or infinite", {}, "finite logits: the weights or the statistics of batch norm are damaged"});
    }

    std::vector<ExportedFile> run()
    {
        double done = 0;
        for (const auto format : m_request.formats) {
            reportStep(m_onStep, fmt::format("exporting {}", name(format)), done++ / static_cast<double>(m_request.formats.size()));
            write(format);
        }
        provenance();
        reportStep(m_onStep, "exported", 1); // the last chance to stop
        m_staged.commit();
        return std::move(m_files);
    }

private:
    void write(ExportFormat format)
    {
        switch (format) {
        case ExportFormat::TorchScript: return torchScript();
        case ExportFormat::StateDict: return stateDict();
        case ExportFormat::SafeTensors: return safeTensors();
        case ExportFormat::Onnx: return onnx();
        case ExportFormat::OfaConfig: return ofaConfig();
        case ExportFormat::ModelCard: return modelCard();
        }
    }

    void torchScript()
    {
        const auto path = m_staged.path() / exportfile::kTorchScript;
        m_net.freeze()->save(path);
        const auto difference = compare(ExportFormat::TorchScript, m_engine.openFrozen(path)->forward(m_images), path, foldedTolerance());
        add(path, difference, "reloaded with LibTorch; batch norm is folded into the convolutions");
    }

    void onnx()
    {
        const auto path = m_staged.path() / exportfile::kOnnx;
        const auto facts = metadata();
        m_engine.writeOnnx(m_net, path, {facts.begin(), facts.end()});
        const auto difference = compare(ExportFormat::Onnx, m_engine.runOnnx(path, m_images), path, foldedTolerance());
        add(path, difference, "checked and computed from the file, node by node");
    }

    void stateDict()
    {
        const auto path = m_staged.path() / exportfile::kStateDict;
        writePyTorch(path, m_net.weights());
        reload(ExportFormat::StateDict, path, readPyTorch(path).weights);
        ofaConfig();
    }

    void safeTensors()
    {
        const auto path = m_staged.path() / exportfile::kSafeTensors;
        auto facts = metadata();
        facts["format"] = "pt";
        writeSafeTensors(path, m_net.weights(), facts);
        const auto read = readSafeTensors(path);
        if (read.metadata != facts)
            throw EngineError({finalName(path), "the reloaded file has other metadata than was written", {}, {}});
        reload(ExportFormat::SafeTensors, path, read.tensors);
    }

    void reload(ExportFormat format, const fs::path& path, const StateDict& weights)
    {
        const auto net = m_engine.staticNet(m_request.parts, m_subnet, weights, NetPrecision::Float32);
        add(path, compare(format, net->forward(m_images), path, 0), "reloaded into a net of its own");
    }

    void ofaConfig()
    {
        const auto path = m_staged.path() / exportfile::kNetConfig, run = m_staged.path() / exportfile::kRunConfig;
        if (fs::exists(path))
            return; // came with the state dict
        writeFileAtomically(path, printJson(netConfig(*m_request.parts, m_subnet)));
        // Of its other keys, all about fine-tuning, nothing is known here, and readers take no unknown one.
        writeFileAtomically(run, printJson(Json{{"image_size", m_subnet.resolution}}));
        const auto json = readJsonFile(path), runJson = readJsonFile(run);
        const auto resolution = JsonView(runJson, run.string()).at("image_size").integer(1, 65535);
        const auto read = subnetFromNetConfig(*m_request.parts, JsonView(json, path.string()), static_cast<int>(resolution));
        // Layers and not choices: two widths of a ResNet can give the same channels, and two depths the same row of blocks.
        if (read.resolution != m_subnet.resolution || netConfig(*m_request.parts, read) != netConfig(*m_request.parts, m_subnet))
            throw EngineError({finalName(path), "the reloaded net.config is of another subnet", toJson(m_request.parts->space(), read).dump(), toJson(m_request.parts->space(), m_subnet).dump()});
        add(path, {}, "read back: the same layers");
        add(run, {}, "read back: the same resolution");
    }

    void modelCard()
    {
        if (!m_request.modelCard)
            throw ValueError({"export", "nothing is given to write a model card from", {}, {}});
        const auto markdown = m_staged.path() / exportfile::kCardMarkdown, json = m_staged.path() / exportfile::kCardJson;
        const auto card = m_request.modelCard(m_files);
        writeFileAtomically(markdown, card.markdown);
        writeFileAtomically(json, printJson(card.json));
        if (readTextFile(markdown) != card.markdown || readTextFile(json) != printJson(card.json))
            throw EngineError({finalName(markdown), "the reloaded model card has another text than was written", {}, {}});
        parseJson(readTextFile(json), json.string());
        add(markdown, {}, "read back");
        add(json, {}, "read back");
    }

    void provenance()
    {
        const auto path = m_staged.path() / exportfile::kProvenance;
        auto json = m_request.provenance;
        json["files"] = Json::array();
        for (const auto& f : m_files)
            json["files"].push_back(toJson(f));
        writeFileAtomically(path, printJson(json));
        readJsonFile(path);
        add(path, {}, "read back");
    }

    std::map<std::string, std::string> metadata() const
    {
        const auto& space = m_request.parts->space();
        std::map<std::string, std::string> m{{"space", space.id}, {"subnet", toJson(space, m_subnet).dump()}, {"resolution", std::to_string(m_subnet.resolution)},
            {"classes", std::to_string(space.classes)}};
        if (!m_request.classNames.empty())
            m["class_names"] = Json(m_request.classNames).dump(-1, ' ', false, Json::error_handler_t::replace);
        if (const auto& p = m_request.preprocessing) {
            m["mean"] = plainNumbers(p->mean).dump();
            m["std"] = plainNumbers(p->deviation).dump();
            m["evaluation_crop"] = plainNumber(p->evaluationCrop).dump();
        }
        return m;
    }

    double foldedTolerance() const
    {
        double largest = 1;
        for (const float v : m_values)
            largest = std::max(largest, static_cast<double>(std::abs(v)));
        return kTolerance * largest;
    }

    /// The largest difference of logits. A difference of 0 is asked for as one of no bit.
    double compare(ExportFormat format, const Tensor& logits, const fs::path& path, double atMost) const
    {
        double difference = std::numeric_limits<double>::infinity();
        if (logits.shape() == m_logits.shape() && !logits.hasNonFinite()) {
            const auto values = logits.toFloats();
            difference = 0;
            for (std::size_t i = 0; i < values.size(); ++i)
                difference = std::max(difference, std::abs(static_cast<double>(values[i]) - static_cast<double>(m_values[i])));
        }
        if (difference > atMost || (atMost == 0 && logits.contiguousBytes() != m_logits.contiguousBytes()))
            throw EngineError({finalName(path), fmt::format("the reloaded {} file computes other logits than the net", name(format)), fmt::format("a largest difference of {:.3g}", difference),
                atMost == 0 ? "none, to the bit" : fmt::format("at most {:.3g}", atMost)});
        return difference;
    }

    void add(const fs::path& path, std::optional<double> difference, const char* note)
    {
        const MappedFile file(path);
        m_files.push_back({path.filename().string(), file.bytes().size(), sha256(file.bytes()), difference, note});
    }

    std::string finalName(const fs::path& path) const { return (m_target / path.filename()).string(); }

    Engine& m_engine;
    const StaticNet& m_net;
    const ExportRequest& m_request;
    const Subnet m_subnet;
    const fs::path m_target;
    const OnStep& m_onStep;
    StagedFolder m_staged;
    const Tensor m_images;
    const Tensor m_logits;
    const std::vector<float> m_values; // of m_logits
    std::vector<ExportedFile> m_files;
};

} // namespace

std::string_view name(ExportFormat format) { return kNames[static_cast<std::size_t>(format)]; }

std::vector<ExportFormat> allExportFormats()
{
    std::vector<ExportFormat> all;
    for (std::size_t i = 0; i < kNames.size(); ++i)
        all.push_back(static_cast<ExportFormat>(i));
    return all;
}

std::vector<ExportFormat> exportFormatsFrom(const std::vector<std::string>& names, const std::string& where)
{
    const std::vector<std::string> known(kNames.begin(), kNames.end());
    std::vector<ExportFormat> formats;
    for (const auto& n : names)
        if (std::find(known.begin(), known.end(), n) == known.end())
            throw ValueError({where, "unknown format", quote(n), joinNames(known)});
    for (const auto format : allExportFormats())
        if (std::find(names.begin(), names.end(), name(format)) != names.end())
            formats.push_back(format);
    return formats;
}

Json toJson(const ExportedFile& f)
{
    return {{"name", f.name}, {"bytes", f.bytes}, {"sha256", f.sha256}, {"maxAbsDifference", f.maxAbsDifference ? Json(*f.maxAbsDifference) : Json(nullptr)}, {"note", f.note}};
}

std::vector<ExportedFile> exportNet(Engine& engine, const StaticNet& net, const ExportRequest& request, const fs::path& target, const OnStep& onStep)
{
    auto ordered = request;
    std::sort(ordered.formats.begin(), ordered.formats.end());
    ordered.formats.erase(std::unique(ordered.formats.begin(), ordered.formats.end()), ordered.formats.end());
    return Exporter(engine, net, ordered, target, onStep).run();
}

} // namespace paretoscope
