// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What holds for the tree as a whole: which folder may include which, and that every source says its licence.
#include "support.h"

#include "base/file.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>

using namespace paretoscope;

namespace {

namespace fs = std::filesystem;

// What each room of the core may include, besides itself and `base`.
const std::map<std::string, std::set<std::string>> kArrows{
    {"base", {}},
    {"space", {}},
    {"checkpoint", {"space"}},
    {"engine", {"space", "checkpoint", "device"}},
    {"predict", {"space", "checkpoint"}},
    {"device", {"space"}},
    {"carbon", {"space", "device"}},
    {"search", {"space", "checkpoint", "predict", "device"}},
    {"bundle", {"space", "checkpoint", "predict", "device", "carbon", "search"}},
    {"report", {"space", "carbon", "engine", "bundle"}},
    {"torch", {"space", "checkpoint", "engine"}},
};

std::vector<fs::path> sourcesBelow(const char* folder)
{
    std::vector<fs::path> files;
    const fs::path root(PARETOSCOPE_SOURCE_DIR);
    for (const auto& e : fs::recursive_directory_iterator(root / folder)) {
        const auto extension = e.path().extension();
        if (extension == ".h" || extension == ".cpp")
            files.push_back(fs::relative(e.path(), root));
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<std::string> includesOf(const fs::path& file)
{
    const auto text = readTextFile(fs::path(PARETOSCOPE_SOURCE_DIR) / file);
    static const std::regex include("#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
    std::vector<std::string> names;
    for (auto it = std::sregex_iterator(text.begin(), text.end(), include); it != std::sregex_iterator(); ++it)
        names.push_back((*it)[1]);
    return names;
}

bool isQt(const std::string& include) { return include.size() > 1 && include[0] == 'Q' && include[1] >= 'A' && include[1] <= 'Z'; }
bool isTorch(const std::string& include) { return include.starts_with("torch/") || include.starts_with("ATen/") || include.starts_with("c10/"); }

} // namespace

class TestProject : public QObject {
    Q_OBJECT
private slots:
    void arrowsBetweenRooms();
    void noQtInTheCoreAndNoTorchOutsideItsModule();
    void everySourceNamesItsLicence();
    void everyTypeHasANameOfItsOwn();
    void topLevelIsFixed();
};

void TestProject::arrowsBetweenRooms()
{
    QStringList wrong;
    for (const auto& file : sourcesBelow("core")) {
        const auto room = std::next(file.begin())->string();
        QVERIFY2(kArrows.contains(room), ("a room without a rule: " + room).c_str());
        for (const auto& include : includesOf(file)) {
            const auto target = include.substr(0, include.find('/'));
            if (include.find('/') == std::string::npos || !kArrows.contains(target))
                continue; // a library's header, or a neighbour
            if (target != room && target != "base" && !kArrows.at(room).contains(target))
                wrong += QString::fromStdString(file.string() + " includes " + include);
        }
    }
    QCOMPARE(wrong, QStringList());
}

void TestProject::noQtInTheCoreAndNoTorchOutsideItsModule()
{
    QStringList wrong;
    for (const char* folder : {"core", "app"})
        for (const auto& file : sourcesBelow(folder))
            for (const auto& include : includesOf(file)) {
                const bool qtWrong = isQt(include) && (std::string(folder) == "core" || file.string().starts_with("app/cli/"));
                const bool torchWrong = isTorch(include) && !file.string().starts_with("core/torch/");
                if (qtWrong || torchWrong)
                    wrong += QString::fromStdString(file.string() + " includes " + include);
            }
    QCOMPARE(wrong, QStringList());
}

void TestProject::everySourceNamesItsLicence()
{
    for (const char* folder : {"core", "app", "tests"})
        for (const auto& file : sourcesBelow(folder)) {
            const auto text = readTextFile(fs::path(PARETOSCOPE_SOURCE_DIR) / file);
            QVERIFY2(text.substr(0, 200).find("SPDX-License-Identifier: GPL-3.0-or-later") != std::string::npos, file.c_str());
        }
}

// Two types of one name in one library would share the code of their members, whatever their layout.
void TestProject::everyTypeHasANameOfItsOwn()
{
    static const std::regex type("^(struct|class|enum class) ([A-Za-z0-9_]+)( final)?( :[^;{]*)?( \\{.*)?$");
    std::map<std::string, std::string> headerOf;
    QStringList wrong;
    for (const auto& file : sourcesBelow("core")) {
        if (file.extension() != ".h")
            continue;
        std::istringstream text(readTextFile(fs::path(PARETOSCOPE_SOURCE_DIR) / file));
        std::string space;
        for (std::string line; std::getline(text, line);) {
            if (line.starts_with("namespace "))
                space = line;
            std::smatch found;
            if (!std::regex_match(line, found, type))
                continue;
            const auto [at, fresh] = headerOf.try_emplace(space + found[2].str(), file.string());
            if (!fresh && at->second != file.string())
                wrong += QString::fromStdString(found[2].str() + " stands in " + at->second + " and " + file.string());
        }
    }
    QVERIFY(headerOf.size() > 200);
    QCOMPARE(wrong, QStringList());
}

void TestProject::topLevelIsFixed()
{
    const std::set<std::string> allowed{"CMakeLists.txt", "app", "core", "resources", "translations", "tests", "packaging", "CMakePresets.json", "README.md",
        "LICENSE", "NOTICE", "CHANGELOG.md", "HACKING.md", "build", "run", "paretoscope-results"};
    for (const auto& path : listFolder(PARETOSCOPE_SOURCE_DIR)) {
        const auto name = path.filename().string();
        QVERIFY2(name.front() == '.' || allowed.contains(name), name.c_str());
    }
}

QTEST_APPLESS_MAIN(TestProject)
#include "tst_project.moc"
