// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps state and workers together: a question that has changed is asked, an answer is shown, another device or grid
// makes another world.
#pragma once

#include "state/explorerstate.h"
#include "workers/loader.h"
#include "workers/refiner.h"
#include "workers/searcher.h"

#include <QObject>

namespace paretoscope::desktop {

class Explorer : public QObject {
    Q_OBJECT
public:
    explicit Explorer(QObject* parent = nullptr);

    ExplorerState& state() { return m_state; }
    Loader& loader() { return m_loader; }
    Refiner& refiner() { return m_refiner; }
    const std::string& source() const { return m_source; } // of the open bundle

    void open(const std::string& pathOrId, const std::optional<Question>& question = {});
    void close();
    void search();
    /// What runs: loading, else searching.
    void stop();

signals:
    /// After the state has it.
    void sessionOpened(const QString& path);
    void loadingFailed(const QString& what, const QString& message);
    void searchFailed(const QString& message);

private:
    void follow(ExplorerState::Changes what);
    void take(const std::shared_ptr<const Opened>& opened);

    ExplorerState m_state;
    Loader m_loader;
    Searcher m_searcher;
    Refiner m_refiner;
    std::string m_source;
    Question m_seen;  // the question that was acted on last
    Question m_built; // the one that the world was made for
    bool m_opening = false; // a bundle, and not only another device
    bool m_taking = false;
};

} // namespace paretoscope::desktop
