// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parts of a picture that were looked at, to go back and forward through.
#pragma once

#include <cstddef>
#include <vector>

namespace paretoscope::desktop {

template <class View>
class ViewHistory {
public:
    static constexpr std::size_t kMost = 50;

    void clear()
    {
        m_views.clear();
        m_at = 0;
    }
    /// What lay ahead is forgotten; the same view again is none.
    void remember(const View& view)
    {
        if (!m_views.empty() && m_views[m_at] == view)
            return;
        if (!m_views.empty())
            m_views.resize(m_at + 1);
        m_views.push_back(view);
        if (m_views.size() > kMost)
            m_views.erase(m_views.begin());
        m_at = m_views.size() - 1;
    }
    /// Null at the end.
    const View* back() { return m_views.empty() || m_at == 0 ? nullptr : &m_views[--m_at]; }
    const View* forward() { return m_at + 1 >= m_views.size() ? nullptr : &m_views[++m_at]; }

private:
    std::vector<View> m_views;
    std::size_t m_at = 0;
};

} // namespace paretoscope::desktop
