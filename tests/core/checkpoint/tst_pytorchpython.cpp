// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Against Python's own PyTorch: each side reads what the other has written. Skipped where Python has no torch.
#include "python.h"
#include "support.h"

#include "base/file.h"
#include "checkpoint/npy.h"
#include "checkpoint/pytorch.h"

#include <fmt/format.h>

#include <map>
#include <numeric>

using namespace paretoscope;
using testing::compareText;
using testing::Python;

namespace {

/// Prints one line a tensor: its name, type, shape, the number of the storage, strides, offset and values in
/// hexadecimal.
const char* const kDump = R"(
import sys, torch
def dump(weights, out):
    storages = {}
    for name, t in weights.items():
        t = t.detach()
        s = t.storage()
        i = storages.setdefault(s.data_ptr() if s.size() else ('empty', name), len(storages))
        flat = t.contiguous().reshape(-1)
        raw = bytes(flat.clone().view(torch.uint8).tolist()) if flat.numel() else b''
        layout = '%s %d %s %d' % (list(t.shape), i, list(t.stride()), t.storage_offset())
        out.write('%s %s %s %s\n' % (name, str(t.dtype)[6:], layout, raw.hex()))
)";

const char* const kWrite = R"(
from collections import OrderedDict
folder = sys.argv[1]
torch.manual_seed(1)
w = OrderedDict()
base = torch.randn(6, 8)
w['whole'] = base
w['transposed'] = base.t()
w['slice'] = base[1:4, ::2]
w['column'] = base[:, 3]
w['parameter'] = torch.nn.Parameter(torch.randn(3, 2))
w['frozen'] = torch.nn.Parameter(torch.randn(2), requires_grad=False)
w['scalar'] = torch.tensor(2.5)
w['empty'] = torch.zeros(0, 3)
w['expanded'] = torch.randn(2, 1).expand(2, 5)
for d in ('float16', 'bfloat16', 'float32', 'float64'):
    w[d] = torch.randn(3, 5).to(getattr(torch, d))
for d in ('int8', 'int16', 'int32', 'int64', 'uint8'):
    w[d] = torch.arange(7).to(getattr(torch, d)) * 11
w['bool'] = torch.tensor([[True, False], [False, True]])
w['\u00e9.\u6f22'] = torch.tensor([1e-40, float('inf'), float('nan')])
with open(folder + '/expected', 'w', encoding='utf-8') as out:
    dump(w, out)
other = {'epoch': 12, 'best_acc': 71.5, 'name': 'x' * 300, 'big': 2 ** 40, 'huge': 2 ** 100, 'none': None, 'flag': True,
         'shape': base.shape, 'list': [1, (2, 3), {4}],
         'optimizer': {'state': {0: {'step': 3, 'momentum_buffer': torch.randn(2)}},
                       'param_groups': [{'lr': 0.1, 'params': [0, 1]}]}}
for zipped in (True, False):
    for protocol in (2, 3, 4, 5):
        stem = '%s/%s%d' % (folder, 'zip' if zipped else 'legacy', protocol)
        keep = dict(_use_new_zipfile_serialization=zipped, pickle_protocol=protocol)
        if protocol < 4:
            other['list'][2] = 4 # a set is a function there
        torch.save({'state_dict': w, **other}, stem + '.pth', **keep)
        torch.save(w, stem + '.bare', **keep)
        torch.save({'model': {'a': {'w': base}, 'b': base[0]}}, stem + '.nested', **keep)
        if protocol < 4:
            other['list'][2] = {4}
)";

/// The same lines as Python's.
std::string dump(const StateDict& weights)
{
    std::string text;
    std::map<std::pair<const void*, std::string>, std::size_t> storages;
    for (const auto& [key, tensor] : weights.tensors()) {
        const auto storage = tensor.storage();
        const std::pair<const void*, std::string> identity(storage.data(), storage.empty() ? key : "");
        const auto index = storages.try_emplace(identity, storages.size()).first->second;
        text += fmt::format("{} {} {} {} {} {} ", key, name(tensor.dtype()), toString(tensor.shape()), index,
            toString(tensor.strides()), tensor.offset());
        for (const auto b : tensor.contiguousBytes())
            text += fmt::format("{:02x}", static_cast<unsigned>(b));
        text += "\n";
    }
    return text;
}

StateDict ourSample()
{
    const auto values = std::make_shared<const std::vector<float>>([] {
        std::vector<float> v(24);
        std::iota(v.begin(), v.end(), -3.25f);
        return v;
    }());
    const auto bytes = std::as_bytes(std::span(*values));
    StateDict dict;
    dict.add("z.whole", Tensor(DType::F32, {4, 6}, bytes, values));
    dict.add("a.transposed", Tensor(DType::F32, {6, 4}, {1, 6}, 0, bytes, values));
    dict.add("slice", Tensor(DType::F32, {2, 3}, {6, 2}, 7, bytes, values));
    dict.add("expanded", Tensor(DType::F32, {2, 5}, {1, 0}, 3, bytes, values));
    dict.add("scalar", Tensor(DType::F32, {}, {}, 23, bytes, values));
    for (const auto dtype :
        {DType::F16, DType::BF16, DType::F64, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::Bool}) {
        const auto raw = std::make_shared<Bytes>(8 * sizeOf(dtype));
        for (std::size_t i = 0; i < raw->size(); ++i)
            (*raw)[i] = static_cast<std::byte>(i % 2);
        dict.add(std::string(name(dtype)), Tensor(dtype, {2, 4}, *raw, raw));
    }
    dict.add("empty", Tensor(DType::F32, {0, 3}, {}, {}));
    dict.add("\xc3\xa9.\xe6\xbc\xa2", Tensor::fromFloats({1}, {1e-40f}));
    return dict;
}

} // namespace

class TestPyTorchPython : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void readsWhatPythonWrites();
    void pythonReadsWhatWeWrite();
    void pythonsOwnRoundTripOfOurs();
    void numpyReadsWhatWeWrite();

private:
    Python m_python;
    QTemporaryDir m_dir;
};

void TestPyTorchPython::initTestCase()
{
    if (!m_python.found())
        QSKIP("NOT TESTED against PyTorch: no python3 here can import torch (apt install python3-torch)");
}

void TestPyTorchPython::readsWhatPythonWrites()
{
    QVERIFY2(m_python.run(std::string(kDump) + kWrite, {m_dir.path()}), m_python.error.constData());
    const std::filesystem::path folder = m_dir.path().toStdString();
    const auto expected = readTextFile(folder / "expected");
    QVERIFY(expected.size() > 1000);
    for (const char* format : {"zip", "legacy"})
        for (const char* protocol : {"2", "3", "4", "5"}) {
            const auto stem = folder / (std::string(format) + protocol);
            const auto checkpoint = readPyTorch(stem.string() + ".pth");
            compareText(std::string(name(checkpoint.format)), format);
            compareText(dump(checkpoint.weights), expected);
            compareText(checkpoint.weightsKey, "state_dict");
            QVERIFY(*checkpoint.scalar("epoch") == Scalar(std::int64_t{12})
                && *checkpoint.scalar("best_acc") == Scalar(71.5));
            QVERIFY(*checkpoint.scalar("name") == Scalar(std::string(300, 'x'))
                && *checkpoint.scalar("big") == Scalar(std::int64_t{1} << 40));
            QVERIFY(*checkpoint.scalar("none") == Scalar() && *checkpoint.scalar("flag") == Scalar(true));
            QVERIFY(*checkpoint.scalar("optimizer.state.0.step") == Scalar(std::int64_t{3}));
            const auto* shape = pickle::find(checkpoint.content->root(), "shape");
            QVERIFY(shape && shape->kind == pickle::Kind::Tuple && shape->items.size() == 2
                && shape->items[1]->integer == 8);
            const auto bare = readPyTorch(stem.string() + ".bare");
            compareText(dump(bare.weights), expected);
            const auto nested = readPyTorch(stem.string() + ".nested");
            compareText(nested.weightsKey, "model");
            QVERIFY(nested.weights.find("a.w")
                && nested.weights.find("a.w")->storage().data() == nested.weights.find("b")->storage().data());
        }
}

void TestPyTorchPython::pythonReadsWhatWeWrite()
{
    const auto folder = m_dir.path().toStdString();
    PyTorchOptions options;
    options.scalars = {{"epoch", std::int64_t{12}}, {"big", -(std::int64_t{1} << 40)}, {"acc", 71.5},
        {"none", std::monostate()}, {"yes", true}};
    writePyTorch(folder + "/ours.pth", ourSample(), options);
    PyTorchOptions bare;
    bare.bare = true;
    writePyTorch(folder + "/ours.bare", ourSample(), bare);
    const std::string script = R"(
import io
from collections import OrderedDict
sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')
c = torch.load(sys.argv[1] + '/ours.pth')
assert type(c) is dict and list(c) == ['epoch', 'big', 'acc', 'none', 'yes', 'state_dict'], list(c)
assert (c['epoch'], c['big'], c['acc'], c['none'], c['yes']) == (12, -2 ** 40, 71.5, None, True)
assert type(c['state_dict']) is OrderedDict
b = torch.load(sys.argv[1] + '/ours.bare')
assert type(b) is OrderedDict and list(b) == list(c['state_dict'])
def same(x, y): # there is no torch.equal of bfloat16
    return torch.equal(*(t.float() if t.dtype == torch.bfloat16 else t for t in (x, y)))
assert all(same(b[k], c['state_dict'][k]) for k in b)
assert not any(t.requires_grad for t in b.values())
import inspect # since 1.13, torch has a careful reader too; that of 1.13 knows no plain number, so the bare file
if 'weights_only' in inspect.signature(torch.load).parameters:
    assert list(torch.load(sys.argv[1] + '/ours.bare', weights_only=True)) == list(b)
dump(c['state_dict'], sys.stdout)
)";
    QVERIFY2(m_python.run(kDump + script, {m_dir.path()}), m_python.error.constData());
    compareText(m_python.output.toStdString(), dump(ourSample()));
}

void TestPyTorchPython::pythonsOwnRoundTripOfOurs()
{
    const auto folder = m_dir.path().toStdString();
    writePyTorch(folder + "/once.pth", ourSample());
    QVERIFY2(
        m_python.run("import sys, torch\nf = sys.argv[1]\ntorch.save(torch.load(f + '/once.pth'), f + '/twice.pth')\n"
                     "torch.save(torch.load(f + '/once.pth'), f + '/legacy.pth', _use_new_zipfile_serialization=False)",
            {m_dir.path()}),
        m_python.error.constData());
    compareText(dump(readPyTorch(folder + "/twice.pth").weights), dump(ourSample()));
    compareText(dump(readPyTorch(folder + "/legacy.pth").weights), dump(ourSample()));
}

void TestPyTorchPython::numpyReadsWhatWeWrite()
{
    const auto folder = m_dir.path().toStdString();
    writeNpy(folder + "/ours.npy", Tensor::fromFloats({2, 3}, {0, 1, 2, 3, 4, 5}));
    const std::string script = R"(
import sys, numpy
f = sys.argv[1]
a = numpy.load(f + '/ours.npy')
assert a.dtype == numpy.float32 and a.flags.c_contiguous and a.tolist() == [[0, 1, 2], [3, 4, 5]]
numpy.save(f + '/back.npy', a)
assert open(f + '/back.npy', 'rb').read() == open(f + '/ours.npy', 'rb').read()
numpy.save(f + '/fortran.npy', numpy.asfortranarray(a.astype('f8')))
numpy.save(f + '/scalar.npy', numpy.float16(2.5))
numpy.save(f + '/bool.npy', numpy.array([True, False]))
numpy.save(f + '/big.npy', a.astype('>f4'))
)";
    QVERIFY2(m_python.run(script, {m_dir.path()}), m_python.error.constData());
    QCOMPARE(readNpy(folder + "/fortran.npy").toDoubles(), (std::vector<double>{0, 1, 2, 3, 4, 5}));
    QVERIFY(!readNpy(folder + "/fortran.npy").isContiguous());
    QCOMPARE(readNpy(folder + "/scalar.npy").toFloats(), (std::vector<float>{2.5f}));
    QCOMPARE(readNpy(folder + "/bool.npy").contiguousBytes(), (Bytes{std::byte{1}, std::byte{0}}));
    QVERIFY(testing::contains(testing::messageOf([&] { readNpy(folder + "/big.npy"); }),
        "big.npy: the values are big-endian: found \">f4\""));
}

QTEST_GUILESS_MAIN(TestPyTorchPython)
#include "tst_pytorchpython.moc"
