// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "predict/predictorfile.h"

#include "base/json.h"
#include "checkpoint/pytorch.h"
#include "checkpoint/safetensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace paretoscope {

namespace {

constexpr std::string_view kFormat = "paretoscope-accuracy-predictor";
constexpr std::string_view kVersion = "1";
constexpr int kTutorialInputs = 128;

std::vector<int> steps(int first, int last, int step)
{
    std::vector<int> list;
    for (int r = first; r <= last; r += step)
        list.push_back(r);
    return list;
}

/// The lists that published predictors of `ofa.nas` were trained on, where the number of sizes gives them away.
std::vector<int> publishedResolutions(const SearchSpace& space, std::size_t sizes)
{
    if (!space.isResNet() && sizes == 25)
        return steps(128, 224, 4);
    if (space.isResNet() && sizes == 8)
        return {128, 144, 160, 176, 192, 224, 240, 256};
    return {};
}

std::string usualResolutions(const SearchSpace& space, std::size_t sizes)
{
    if (sizes == 4)
        return ": 128,160,192,224 is what ofa.nas trains on by default";
    if (sizes == space.resolutions.size())
        return fmt::format(": {} are those of {}", fmt::join(space.resolutions, ","), space.id);
    return ", such as 128,160,192,224 for four";
}

Encoding recogniseOfaNas(
    int inputs, const SearchSpace& space, const std::optional<std::vector<int>>& resolutions, const std::string& where)
{
    const auto kind = space.isResNet() ? EncodingKind::OfaNasResNet : EncodingKind::OfaNas;
    const int blocks = Encoding(kind, space, {space.resolutions.front()}, where).architectureInputs();
    if (inputs <= blocks)
        throw ValueError({where, "the predictor does not fit the space", fmt::format("{} inputs", inputs),
            fmt::format("{} or more for {} (one a resolution and {} for its blocks)", blocks + 1, space.id, blocks)});
    const auto sizes = static_cast<std::size_t>(inputs - blocks);
    if (resolutions && resolutions->size() != sizes)
        throw ValueError({where, "the number of resolutions does not fit the predictor",
            fmt::format("{} ({})", resolutions->size(), fmt::join(*resolutions, ",")),
            fmt::format("{} for {} inputs on {}", sizes, inputs, space.id)});
    auto list = resolutions.value_or(publishedResolutions(space, sizes));
    if (list.empty())
        throw ValueError({where,
            "the file does not say at which resolutions the predictor was trained; list them with "
            "--predictor-resolutions",
            fmt::format("{} inputs for the resolution", sizes),
            fmt::format("{} values{}", sizes, usualResolutions(space, sizes))});
    return Encoding(kind, space, std::move(list), where);
}

PredictorInfo infoOf(const Encoding& encoding, const SearchSpace& space, const std::string& where)
{
    PredictorInfo info;
    info.source = where;
    info.trainedResolutions = encoding.resolutions();
    info.trainedSpace = space.id;
    if (encoding.kind() == EncodingKind::Tutorial128) {
        info.title = "OFA tutorial predictor";
        info.trainedSpace = "ofa-mbv3-w1.2";
        info.trainedResolutions = steps(160, 224, 16);
        info.note = "Predicts top-1 on images held out from the training set, about 5 percentage points above ImageNet "
                    "validation. "
                    "Its encoding has 112, 128 and 144 too, but it was not trained there.";
    } else {
        info.title = "ofa.nas predictor";
        info.note = fmt::format("The file does not say for which supernet it was trained; taken for {}. "
                                "Predicts top-1 on images held out from the training set.",
            space.id);
    }
    return info;
}

} // namespace

Encoding recogniseEncoding(const MlpWeights& weights, const SearchSpace& space,
    const std::optional<std::vector<int>>& resolutions, const std::string& where)
{
    if (weights.layout == MlpLayout::OfaNas)
        return recogniseOfaNas(weights.inputs(), space, resolutions, where);
    if (weights.inputs() != kTutorialInputs)
        throw ValueError({where, "a predictor with numbered layers must have the tutorial's encoding",
            fmt::format("{} inputs", weights.inputs()), fmt::format("{} inputs", kTutorialInputs)});
    if (resolutions && *resolutions != tutorialResolutions())
        throw ValueError({where, "the tutorial's predictor has its own resolutions",
            fmt::format("{}", fmt::join(*resolutions, ",")), fmt::format("{}", fmt::join(tutorialResolutions(), ","))});
    return Encoding::tutorial(space, where);
}

AccuracyPredictor importPredictor(const StateDict& tensors, const SearchSpace& space,
    const std::optional<std::vector<int>>& resolutions, const std::string& where)
{
    auto weights = readMlpWeights(tensors, where);
    auto encoding = recogniseEncoding(weights, space, resolutions, where);
    auto info = infoOf(encoding, space, where);
    return {std::make_shared<const MlpPredictor>(std::move(weights), std::move(encoding), Precision::Exact, where),
        std::move(info)};
}

namespace {

std::string compact(const Json& json) { return json.dump(); }

std::map<std::string, std::string> metadataOf(const AccuracyPredictor& predictor)
{
    std::map<std::string, std::string> m{
        {"format", std::string(kFormat)},
        {"version", std::string(kVersion)},
        {"kind", std::string(name(predictor.kind()))},
        {"title", predictor.info.title},
        {"source", predictor.info.source},
        {"trained_space", predictor.info.trainedSpace},
        {"trained_resolutions", compact(predictor.info.trainedResolutions)},
        {"note", predictor.info.note},
    };
    if (const auto* mlp = predictor.mlp()) {
        m["encoding"] = name(mlp->encoding().kind());
        m["resolutions"] = compact(mlp->encoding().resolutions());
    } else {
        m["encoding"] = "additive";
        m["resolutions"] = compact(predictor.additive()->resolutions());
        m["stage_terms"] = predictor.additive()->hasStageTerms() ? "true" : "false";
    }
    if (const auto& c = predictor.calibration)
        m["calibration"] =
            compact(Json{{"offsetPercent", c->offsetPercent}, {"slope", c->slope}, {"source", c->source}});
    if (predictor.bands)
        m["conformal"] = compact(toJson(*predictor.bands));
    if (predictor.heldOut)
        m["held_out"] = compact(toJson(*predictor.heldOut));
    if (const auto& o = predictor.optimism)
        m["selection_optimism"] =
            compact(Json{{"percent", o->percent}, {"sdPercent", o->sdPercent}, {"basis", o->basis}});
    if (!predictor.info.interpolated.empty()) {
        Json list = Json::array();
        for (const auto& i : predictor.info.interpolated)
            list.push_back(Json{{"resolution", i.resolution}, {"basis", i.basis}});
        m["interpolated"] = compact(list);
    }
    return m;
}

StateDict tensorsOf(const AccuracyPredictor& predictor)
{
    if (const auto* mlp = predictor.mlp())
        return toStateDict(mlp->weights());
    const auto& c = predictor.additive()->coefficients();
    const auto list = [](const std::vector<float>& v) {
        return Tensor::fromFloats({static_cast<std::int64_t>(v.size())}, v);
    };
    StateDict tensors;
    tensors.add("offsets", list(c.offsets));
    tensors.add("effects", list(c.effects));
    if (!c.slopes.empty()) {
        tensors.add("slopes", list(c.slopes));
        tensors.add("centre", Tensor::fromFloats({}, {c.centre}));
    }
    return tensors;
}

/// The metadata of our own file, every access with the name of the key.
class Metadata {
public:
    Metadata(const std::map<std::string, std::string>& values, std::string where)
        : m_values(values)
        , m_where(std::move(where))
    {
    }

    const std::string& text(const char* key) const
    {
        const auto at = m_values.find(key);
        if (at == m_values.end())
            throw FormatError({m_where, fmt::format("the metadata lack \"{}\"", key), {}, {}});
        return at->second;
    }

    template <typename Read>
    auto parsed(const char* key, Read read) const
    {
        const auto place = fmt::format("{}: {}", m_where, key);
        const auto json = parseJson(text(key), place);
        return read(JsonView(json, place));
    }

    std::vector<int> integers(const char* key) const
    {
        return parsed(key, [](const JsonView& v) { return v.integers(1, 65535); });
    }
    bool has(const char* key) const { return m_values.contains(key); }
    const std::string& where() const { return m_where; }

private:
    const std::map<std::string, std::string>& m_values;
    std::string m_where;
};

std::vector<float> floatsOf(const StateDict& tensors, const char* key, bool scalar, const std::string& where)
{
    const auto* t = tensors.find(key);
    if (!t)
        throw FormatError({where, fmt::format("the tensor \"{}\" is missing", key), {}, {}});
    if (t->dtype() != DType::F32 || t->shape().size() != (scalar ? 0u : 1u))
        throw FormatError(
            {where + ": " + key, "wrong tensor", fmt::format("{} {}", name(t->dtype()), toString(t->shape())),
                scalar ? "float32 []" : "float32 with one dimension"});
    return t->toFloats();
}

AdditiveCoefficients additiveFrom(const SafeTensors& file, const Metadata& meta)
{
    for (const auto& t : file.tensors.tensors())
        if (t.name != "offsets" && t.name != "effects" && t.name != "slopes" && t.name != "centre")
            throw FormatError({meta.where(), "unknown tensor of an additive predictor", quote(t.name),
                "offsets, effects, slopes, centre"});
    AdditiveCoefficients c;
    c.resolutions = meta.integers("resolutions");
    c.stageTerms = meta.parsed("stage_terms", [](const JsonView& v) { return v.boolean(); });
    c.offsets = floatsOf(file.tensors, "offsets", false, meta.where());
    c.effects = floatsOf(file.tensors, "effects", false, meta.where());
    if (file.tensors.find("slopes")) {
        c.slopes = floatsOf(file.tensors, "slopes", false, meta.where());
        c.centre = floatsOf(file.tensors, "centre", true, meta.where())[0];
    }
    return c;
}

PredictorInfo infoFrom(const Metadata& meta)
{
    PredictorInfo info{meta.text("title"), meta.text("source"), meta.text("trained_space"),
        meta.integers("trained_resolutions"), meta.text("note"), {}};
    if (meta.has("interpolated"))
        info.interpolated = meta.parsed("interpolated", [](const JsonView& v) {
            std::vector<InterpolatedResolution> list;
            for (const auto& i : v.elements(65536)) {
                i.onlyKeys({"resolution", "basis"});
                list.push_back({static_cast<int>(i.at("resolution").integer(1, 65535)), i.at("basis").string()});
            }
            return list;
        });
    return info;
}

Calibration calibrationFrom(const JsonView& v)
{
    v.onlyKeys({"offsetPercent", "slope", "source"});
    return {v.at("offsetPercent").number(-1e6, 1e6), v.at("slope").number(-1e6, 1e6), v.at("source").string()};
}

SelectionOptimism optimismFrom(const JsonView& v)
{
    v.onlyKeys({"percent", "sdPercent", "basis"});
    return {v.at("percent").number(-100, 100), v.at("sdPercent").number(0, 100), v.at("basis").string()};
}

bool isOurs(const SafeTensors& file)
{
    const auto format = file.metadata.find("format");
    return format != file.metadata.end() && format->second == kFormat;
}

AccuracyPredictor predictorFrom(const SafeTensors& file, const std::string& where, const SearchSpace& space)
{
    const Metadata meta(file.metadata, where);
    if (!isOurs(file))
        throw FormatError(
            {where, "not a predictor file of this program", {}, fmt::format("metadata with format {}", kFormat)});
    if (meta.text("version") != kVersion)
        throw FormatError(
            {where, "unknown version of the predictor file", quote(meta.text("version")), std::string(kVersion)});
    const auto& kind = meta.text("kind");
    if (kind != name(PredictorKind::Mlp) && kind != name(PredictorKind::Additive))
        throw FormatError({where, "unknown kind of predictor", quote(kind), "mlp, additive"});
    auto info = infoFrom(meta);
    auto predictor = [&] {
        if (kind == name(PredictorKind::Additive))
            return AccuracyPredictor(
                std::make_shared<const AdditivePredictor>(additiveFrom(file, meta), space, where), std::move(info));
        Encoding encoding(
            encodingKindFromName(meta.text("encoding"), where), space, meta.integers("resolutions"), where);
        return AccuracyPredictor(
            std::make_shared<const MlpPredictor>(file.tensors, std::move(encoding), where), std::move(info));
    }();
    if (meta.has("calibration"))
        predictor.calibration = meta.parsed("calibration", calibrationFrom);
    if (meta.has("conformal"))
        predictor.bands = meta.parsed("conformal", conformalFromJson);
    if (meta.has("held_out"))
        predictor.heldOut = meta.parsed("held_out", heldOutFromJson);
    if (meta.has("selection_optimism"))
        predictor.optimism = meta.parsed("selection_optimism", optimismFrom);
    return predictor;
}

/// A safetensors file begins with the size of its header in eight bytes and then "{"; neither a zip archive nor a
/// pickle of PyTorch has a brace there.
bool looksLikeSafeTensors(ByteView bytes) { return bytes.size() > 8 && bytes[8] == std::byte{'{'}; }

} // namespace

AccuracyPredictor openPredictor(
    const std::filesystem::path& path, const SearchSpace& space, const std::optional<std::vector<int>>& resolutions)
{
    const auto where = path.string();
    const auto file = std::make_shared<const MappedFile>(path);
    if (path.extension() != ".safetensors" && !looksLikeSafeTensors(file->bytes()))
        return importPredictor(readPyTorch(file->bytes(), file, where).weights, space, resolutions, where);
    const auto tensors = readSafeTensors(file->bytes(), file, where);
    if (isOurs(tensors))
        return predictorFrom(tensors, where, space);
    return importPredictor(tensors.tensors, space, resolutions, where);
}

void savePredictor(const std::filesystem::path& path, const AccuracyPredictor& predictor)
{
    writeFileAtomically(path, makePredictorFile(predictor));
}

Bytes makePredictorFile(const AccuracyPredictor& predictor)
{
    return makeSafeTensors(tensorsOf(predictor), metadataOf(predictor));
}

AccuracyPredictor loadPredictor(const std::filesystem::path& path, const SearchSpace& space)
{
    const auto file = std::make_shared<const MappedFile>(path);
    return loadPredictor(file->bytes(), file, path.string(), space);
}

AccuracyPredictor loadPredictor(
    ByteView bytes, std::shared_ptr<const void> owner, const std::string& where, const SearchSpace& space)
{
    return predictorFrom(readSafeTensors(bytes, std::move(owner), where), where, space);
}

} // namespace paretoscope
