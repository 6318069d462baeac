// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "space/netconfig.h"

#include <fmt/format.h>

#include <algorithm>
#include <fmt/ranges.h>

#include <cmath>
#include <functional>

namespace paretoscope {

namespace {

// What a block of the file says, in the terms of Block.
struct Seen {
    int in = 0;
    int out = 0;
    int kernel = 0;
    int stride = 1;
    int mid = 0;
    double expansion = 1;
    bool squeezeExcite = false;
    std::string activation;
    std::string where;
};

int channels(const JsonView& v)
{
    // Legacy files wrap some numbers in lists.
    if (v.json().is_array() && v.json().size() == 1)
        return static_cast<int>(v.elements()[0].integer(1, 1 << 20));
    return static_cast<int>(v.integer(1, 1 << 20));
}

Seen seenBlock(const JsonView& conv)
{
    Seen s;
    s.where = conv.where();
    s.in = channels(conv.at("in_channels"));
    s.out = channels(conv.at("out_channels"));
    s.kernel = static_cast<int>(conv.at("kernel_size").integer(1, 99));
    s.stride = static_cast<int>(conv.at("stride").integer(1, 99));
    s.expansion = conv.at("expand_ratio").number(0, 1000);
    s.mid = conv.has("mid_channels") ? channels(conv.at("mid_channels"))
        : s.expansion == 1          ? s.in
                                    : static_cast<int>(std::nearbyint(s.in * s.expansion));
    s.squeezeExcite = conv.booleanOr("use_se", false);
    s.activation = conv.stringOr("act_func", "none");
    return s;
}

// How far a block of the space agrees with the one seen, and the first key that differs; no key where they are the same.
struct Difference {
    int agreeing = 0;
    std::string key;
    std::string seen;
    std::vector<std::string> allowed;
    bool none() const { return key.empty(); }
    std::string text() const { return fmt::format("{} is {} and not {}", key, seen, fmt::join(allowed, " or ")); }
};

Difference difference(const Block& b, const Seen& s)
{
    Difference d;
    const auto same = [&](const char* key, const auto& seen, const auto& allowed) {
        if (!d.none())
            return;
        if (seen == allowed)
            ++d.agreeing;
        else
            d = {d.agreeing, key, fmt::format("{}", seen), {fmt::format("{}", allowed)}};
    };
    same("in_channels", s.in, b.in);
    same("out_channels", s.out, b.out);
    same("stride", s.stride, b.stride);
    same("use_se", s.squeezeExcite, b.squeezeExcite.has_value());
    same("act_func", std::string_view(s.activation), name(b.activation));
    same("kernel_size", s.kernel, b.kernel);
    same("mid_channels", s.mid, b.mid);
    return d;
}

class Matcher {
public:
    Matcher(const Parts& parts, const JsonView& view)
        : m_parts(parts)
        , m_space(parts.space())
        , m_view(view)
    {
    }

    Subnet match()
    {
        const auto className = m_view.at("name").string();
        const bool knownClass = m_space.family == Family::MobileNetV3 ? className == "MobileNetV3" || className == "MobileNetV3Large"
            : m_space.isResNet()                                      ? className == "ResNets" || className == "ResNet50" || className == "ResNet50D"
                                                                      : className == "ProxylessNASNets" || className == "MobileNetV2";
        if (!knownClass)
            fail("name", fmt::format("the class {}", quote(className)));
        m_space.isResNet() ? stem() : firstLayers();
        if (!stages(0, 0))
            throw ValueError({m_furthestWhere.empty() ? m_view.where() : m_furthestWhere, "the net lies outside the space " + m_space.id, m_reason, {}});
        head();
        return m_subnet;
    }

private:
    [[noreturn]] void fail(const std::string& where, const std::string& found) const
    {
        throw ValueError({m_view.where() + (m_view.where().find(": ") == std::string::npos ? ": " : ".") + where, "the net lies outside the space " + m_space.id, found, {}});
    }

    void checkConvolution(const JsonView& v, const Convolution& c, bool hasKernel) const
    {
        const auto check = [&](const char* key, int allowed) {
            if (const int seen = channels(v.at(key)); seen != allowed)
                v.at(key).fail("the net lies outside the space " + m_space.id, fmt::format("{}", seen), fmt::format("{}", allowed));
        };
        check("in_channels", c.in);
        check("out_channels", c.out);
        if (hasKernel) {
            check("kernel_size", c.kernel);
            check("stride", c.stride);
        }
    }

    void firstLayers()
    {
        checkConvolution(m_view.at("first_conv"), m_parts.block(0, 0).convolutions[0], true);
        bool first = true;
        for (const auto& b : m_view.at("blocks").elements(512)) {
            const char* key = b.has("mobile_inverted_conv") ? "mobile_inverted_conv" : "conv";
            if (!b.has(key)) // a block that is only its shortcut does nothing
                continue;
            auto seen = seenBlock(b.at(key));
            if (std::exchange(first, false)) {
                if (const auto d = difference(m_parts.block(1, 0), seen); !d.none())
                    throw ValueError({seen.where, "the net lies outside the space " + m_space.id, d.text(), {}});
                continue;
            }
            m_blocks.push_back(std::move(seen));
        }
    }

    void stem()
    {
        const auto layers = m_view.at("input_stem").elements(8);
        if (layers.size() != 2 && layers.size() != 3)
            fail("input_stem", fmt::format("{} layers", layers.size()));
        const bool residual = layers.size() == 3;
        if (!residual && m_space.stemDepths.size() < 2)
            fail("input_stem", "2 layers, without the residual one");
        m_subnet.depth[0] = static_cast<std::uint8_t>(residual ? m_space.stemDepths.back() : m_space.stemDepths.front());
        // Where two widths give the same channels the nets are the same, and the smaller index is taken.
        m_subnet.width[0] = width(layers.front().at("out_channels"), [&](int w) { return m_space.stemMidChannels(w); });
        m_subnet.width[1] = width(layers.back().at("out_channels"), [&](int w) { return m_space.stemChannels(w); });
        for (const auto& b : m_view.at("blocks").elements(512))
            m_blocks.push_back(seenBlock(b));
    }

    std::uint8_t width(const JsonView& v, const std::function<int(int)>& channelsOf) const
    {
        const int seen = channels(v);
        std::string allowed;
        for (int w = 0; w < m_space.widthChoices(); ++w) {
            if (channelsOf(w) == seen)
                return static_cast<std::uint8_t>(w);
            allowed += fmt::format("{}{}", w ? ", " : "", channelsOf(w));
        }
        v.fail("the net lies outside the space " + m_space.id, fmt::format("{}", seen), allowed);
    }

    // Which depth a stage has cannot always be seen from its own blocks, so every depth is tried, the deepest first.
    bool stages(std::size_t stage, std::size_t at)
    {
        if (stage == m_space.stages.size()) {
            if (at < m_blocks.size())
                note(at, "more blocks than the space has");
            return at == m_blocks.size();
        }
        const auto& spec = m_space.stages[stage];
        for (int w = 0; w < m_space.widthChoices(); ++w) {
            if (m_space.isResNet())
                m_subnet.width[stage + 2] = static_cast<std::uint8_t>(w);
            for (auto d = spec.depths.rbegin(); d != spec.depths.rend(); ++d) {
                m_subnet.depth[static_cast<std::size_t>(m_space.depthGene(static_cast<int>(stage)))] = static_cast<std::uint8_t>(*d);
                const auto blocks = static_cast<std::size_t>(spec.baseDepth + *d);
                if (stageBlocks(stage, at, blocks) && stages(stage + 1, at + blocks))
                    return true;
            }
        }
        return false;
    }

    bool stageBlocks(std::size_t stage, std::size_t at, std::size_t blocks)
    {
        const auto& spec = m_space.stages[stage];
        for (std::size_t b = 0; b < static_cast<std::size_t>(spec.maxBlocks); ++b) {
            auto& op = m_subnet.op[static_cast<std::size_t>(spec.firstSlot) + b];
            op = 0;
            if (b >= blocks)
                continue;
            if (at + b >= m_blocks.size()) {
                note(at + b, "fewer blocks than the space has");
                return false;
            }
            Difference closest;
            closest.agreeing = -1;
            const auto part = partOf(spec.firstSlot + static_cast<int>(b));
            const auto& seen = m_blocks[at + b];
            std::uint8_t found = 0;
            for (int candidate = 1; candidate <= spec.ops(); ++candidate) {
                op = static_cast<std::uint8_t>(candidate);
                auto d = difference(m_parts.block(part, m_parts.variantOf(m_subnet, part)), seen);
                if (d.none()) {
                    // Two ratios can give the same channels; the one that the file names is taken.
                    if (found == 0 || std::abs(spec.expansionOf(op) - seen.expansion) < 1e-9)
                        found = op;
                } else if (d.agreeing > closest.agreeing) {
                    closest = std::move(d);
                } else if (d.agreeing == closest.agreeing) {
                    closest.allowed.push_back(d.allowed.front());
                }
            }
            op = found;
            if (op == 0) {
                note(at + b, closest.text());
                return false;
            }
        }
        return true;
    }

    std::size_t partOf(int slot) const
    {
        std::size_t p = 0;
        while (m_parts.list()[p].slot != slot)
            ++p;
        return p;
    }

    void note(std::size_t at, const std::string& reason)
    {
        if (!m_reason.empty() && at <= m_furthest)
            return;
        m_furthest = at;
        m_reason = reason;
        m_furthestWhere = at < m_blocks.size() ? m_blocks[at].where : m_view.where();
    }

    void head() const
    {
        for (std::size_t p = 0; p < m_parts.size(); ++p) {
            const auto& part = m_parts.list()[p];
            if (part.slot >= 0)
                continue;
            const auto b = m_parts.block(p, m_parts.variantOf(m_subnet, p) < 0 ? 0 : m_parts.variantOf(m_subnet, p));
            if (part.name == "final_expand_layer" || part.name == "feature_mix_layer")
                checkConvolution(m_view.at(part.name.c_str()), b.convolutions[0], false);
            if (part.name == "classifier") {
                const auto v = m_view.at("classifier");
                if (const int n = channels(v.at("out_features")); n != b.out)
                    v.at("out_features").fail("the net has another number of classes than the space " + m_space.id, fmt::format("{}", n), fmt::format("{}", b.out));
            }
        }
    }

    const Parts& m_parts;
    const SearchSpace& m_space;
    JsonView m_view;
    Subnet m_subnet;
    std::vector<Seen> m_blocks;
    std::size_t m_furthest = 0;
    std::string m_reason;
    std::string m_furthestWhere;
};

Json activationJson(Activation a) { return a == Activation::None ? Json(nullptr) : Json(name(a)); }

Json identity(int channels)
{
    return {{"name", "IdentityLayer"}, {"in_channels", channels}, {"out_channels", channels}, {"use_bn", false},
        {"act_func", nullptr}, {"dropout_rate", 0}, {"ops_order", "weight_bn_act"}};
}

Json convLayer(const Convolution& c)
{
    return {{"name", "ConvLayer"}, {"kernel_size", c.kernel}, {"stride", c.stride}, {"dilation", 1}, {"groups", 1}, {"bias", false},
        {"has_shuffle", false}, {"use_se", false}, {"in_channels", c.in}, {"out_channels", c.out}, {"use_bn", c.batchNorm},
        {"act_func", activationJson(c.activation)}, {"dropout_rate", 0}, {"ops_order", "weight_bn_act"}};
}

Json stemLayer(const Convolution& c)
{
    return {{"name", "ConvLayer"}, {"in_channels", c.in}, {"out_channels", c.out}, {"kernel_size", c.kernel}, {"stride", c.stride},
        {"dilation", 1}, {"use_bn", true}, {"act_func", activationJson(c.activation)}};
}

Json mbConv(const Block& b)
{
    const bool fixed = b.slot < 0;
    Json conv{{"name", "MBConvLayer"}, {"in_channels", b.in}, {"out_channels", b.out}, {"kernel_size", b.kernel}, {"stride", b.stride},
        {"expand_ratio", plainNumber(b.expansion)}, {"mid_channels", fixed ? Json(nullptr) : Json(b.mid)}, {"act_func", activationJson(b.activation)},
        {"use_se", b.squeezeExcite.has_value()}};
    if (fixed)
        conv["groups"] = nullptr;
    return {{"name", "ResidualBlock"}, {"conv", std::move(conv)}, {"shortcut", b.shortcut == Shortcut::Identity ? identity(b.in) : Json(nullptr)}};
}

Json bottleneck(const Block& b)
{
    return {{"name", "ResNetBottleneckBlock"}, {"in_channels", b.in}, {"out_channels", b.out}, {"kernel_size", 3}, {"stride", b.stride},
        {"expand_ratio", plainNumber(b.expansion)}, {"mid_channels", b.mid}, {"act_func", activationJson(b.activation)}, {"groups", 1},
        {"downsample_mode", "avgpool_conv"}};
}

} // namespace

bool looksLikeNetConfig(const Json& j) { return j.is_object() && j.contains("name") && j.contains("blocks") && j["blocks"].is_array(); }

Subnet subnetFromNetConfig(const Parts& parts, const JsonView& view, int resolution)
{
    auto s = Matcher(parts, view).match();
    s.resolution = static_cast<std::uint16_t>(resolution);
    return s;
}

std::vector<Subnet> subnetsWithTheSameLayers(const Parts& parts, const Subnet& subnet)
{
    const auto& space = parts.space();
    const auto layers = netConfig(parts, subnet);
    std::vector<Subnet> others;
    for (int i = 0; i + 1 < static_cast<int>(space.stages.size()); ++i) {
        const auto &a = space.stages[static_cast<std::size_t>(i)], &b = space.stages[static_cast<std::size_t>(i) + 1];
        if (a.channels != b.channels || a.kernels != b.kernels || a.expansions != b.expansions)
            continue; // operators have other numbers, or blocks other widths
        const int here = space.activeBlocks(subnet, i), there = space.activeBlocks(subnet, i + 1);
        for (const int depth : a.depths) {
            const int blocks = a.baseDepth + depth, rest = here + there - blocks;
            if (blocks == here || std::find(b.depths.begin(), b.depths.end(), rest - b.baseDepth) == b.depths.end())
                continue;
            auto other = subnet;
            other.depth[static_cast<std::size_t>(space.depthGene(i))] = static_cast<std::uint8_t>(depth);
            other.depth[static_cast<std::size_t>(space.depthGene(i + 1))] = static_cast<std::uint8_t>(rest - b.baseDepth);
            std::vector<std::uint8_t> ops(subnet.op.begin() + a.firstSlot, subnet.op.begin() + a.firstSlot + here);
            ops.insert(ops.end(), subnet.op.begin() + b.firstSlot, subnet.op.begin() + b.firstSlot + there);
            for (int slot = 0; slot < a.maxBlocks; ++slot)
                other.op[static_cast<std::size_t>(a.firstSlot + slot)] = slot < blocks ? ops[static_cast<std::size_t>(slot)] : std::uint8_t(0);
            for (int slot = 0; slot < b.maxBlocks; ++slot)
                other.op[static_cast<std::size_t>(b.firstSlot + slot)] = slot < rest ? ops[static_cast<std::size_t>(blocks + slot)] : std::uint8_t(0);
            if (netConfig(parts, other) == layers)
                others.push_back(other);
        }
    }
    return others;
}

Json netConfig(const Parts& parts, const Subnet& subnet)
{
    const auto& space = parts.space();
    Json j;
    j["name"] = space.isResNet() ? "ResNets" : space.family == Family::MobileNetV3 ? "MobileNetV3" : "ProxylessNASNets";
    j["bn"] = {{"momentum", space.bnMomentum}, {"eps", space.bnEps}, {"ws_eps", nullptr}};
    if (space.isResNet())
        j["input_stem"] = Json::array();
    for (const auto& b : network(parts, subnet)) {
        switch (b.type) {
        case BlockType::MbConv: j["blocks"].push_back(mbConv(b)); break;
        case BlockType::Bottleneck: j["blocks"].push_back(bottleneck(b)); break;
        case BlockType::Linear:
            j["classifier"] = {{"name", "LinearLayer"}, {"in_features", b.in}, {"out_features", b.out}, {"bias", true}};
            if (!space.isResNet()) {
                j["classifier"]["use_bn"] = false;
                j["classifier"]["act_func"] = nullptr;
            }
            j["classifier"]["dropout_rate"] = 0;
            if (!space.isResNet())
                j["classifier"]["ops_order"] = "weight_bn_act";
            break;
        case BlockType::Convolution:
            if (!b.supernetName.starts_with("input_stem"))
                j[b.name] = convLayer(b.convolutions[0]);
            else if (b.shortcut == Shortcut::Identity)
                j["input_stem"].push_back({{"name", "ResidualBlock"}, {"conv", stemLayer(b.convolutions[0])}, {"shortcut", identity(b.in)}});
            else
                j["input_stem"].push_back(stemLayer(b.convolutions[0]));
            break;
        case BlockType::MaxPool:
        case BlockType::GlobalPool: break;
        }
    }
    return j;
}

} // namespace paretoscope
