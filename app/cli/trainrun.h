// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The folder of a training run:
//
//   run.json                what was asked for: the configuration, the data, the grid
//   checkpoint.safetensors  where it stands
//   epochs.csv              losses and accuracies, one row an epoch
//   energy.json             its energy and emissions so far
//   bundle/                 the supernet as the last finished phase has left it
#pragma once

#include "trackeroptions.h"

#include "bundle/bundle.h"
#include "engine/trainingcheckpoint.h"
#include "engine/trainingconfig.h"

#include <filesystem>
#include <string>

namespace paretoscope::cli {

struct RunSettings {
    TrainingConfig config;
    std::string data;    // folder, absolute
    std::string images;  // fingerprint() of those that are trained on; empty in runs of older versions
    std::string compute = "auto";
    int threads = 0;     // that the run began with
    TrackerArguments tracker;
};

class RunFolder {
public:
    explicit RunFolder(std::filesystem::path path)
        : m_path(std::move(path))
    {
    }
    ~RunFolder();
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;

    /// @throws ValueError when a run is there.
    void requireNew() const;
    /// Makes the folder and writes run.json. @throws ValueError when a run is there; IoError.
    void begin(const RunSettings& settings);
    void write(const RunSettings& settings) const;
    /// @throws IoError, FormatError
    RunSettings read() const;
    /// Nobody else may train here until this object goes. @throws ValueError when somebody does; IoError.
    void lock();

    std::filesystem::path checkpoint() const { return m_path / "checkpoint.safetensors"; }
    std::filesystem::path energy() const { return m_path / "energy.json"; }
    void writeEpochs(const TrainingState& state) const;
    void writeEnergy(const RunReport& report) const;
    /// Takes the place of an earlier one.
    void writeBundle(const Bundle& bundle) const;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
    int m_lock = -1;
};

} // namespace paretoscope::cli
