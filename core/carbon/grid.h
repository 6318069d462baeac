// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Intensity of electricity by place: location-based averages in gram CO2e per kWh. A place that is not in the table is
// an error with suggestions, never another country.
#pragma once

#include "base/estimate.h"
#include "carbon/facttable.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

enum class GridLevel { World, Aggregate, Country, CountryAlternative, UsState, UsSubregion, User };

std::string_view name(GridLevel level); // "world", "aggregate", "country", "country_alt", "us_state", …

/// A row of the grid table, or of the user's.
struct GridZone {
    std::string id; // "FR", "US-CA", "eGRID-NYCW", "World"
    GridLevel level = GridLevel::Country;
    std::string iso2, iso3, name;
    double gPerKwh = 0;
    int year = 0; // 0: not stated
    std::string flag; // "sources_disagree_x2.8;old_year_2022"; empty: none
    FactSource source; // with the basis
};

/// A region of a cloud provider, which carries its own PUE.
struct CloudRegion {
    std::string provider, region, location, iso2, electricityMapsZone, mappedTo;
    double gPerKwh = 0;
    int year = 0;
    std::optional<double> carbonFreeShare;
    std::optional<double> pue; // published for the region
    std::optional<int> pueYear;
    std::string pueSource;
    double fallbackPue = 1; // of the provider's fleet
    std::string flag;
    std::array<std::optional<double>, 6> gPerKwh2019To2024;
    FactSource source;
};

/// Hourly intensities of one zone, without gaps. Times are hours since 1970-01-01 00:00 UTC.
struct IntensitySeries {
    std::string zone;
    std::int64_t firstHour = 0;
    std::vector<double> gPerKwh;
    std::string basis;
    std::string source; // the file and what stands in it
    /// Hours that were missing (at most 3 in a row) and were put on the line between their neighbours.
    int interpolated = 0;
    double mean() const;
    /// The value at an hour of the series. @throws ValueError outside of it.
    double at(std::int64_t hour) const;
};

/// The intensity that a request named, with the row that was chosen.
struct Intensity {
    Estimate gPerKwh; // its source names row, year and basis
    std::string zone; // "FR", "gcp us-central1"; "user" for a bare number
    std::string title;
    int year = 0; // 0: not stated
    std::string basis;
    std::string licence;
    std::string flag;
    std::optional<Estimate> pue; // of a cloud region
    std::vector<std::string> warnings;
};

/// "lifecycle", "direct", "operational" or "user": figures of two families must not be added without saying so.
std::string basisFamily(std::string_view basis);
/// Warnings when the intensities of one run stand on different bases; empty when they agree.
std::vector<std::string> mixedBases(const std::vector<Intensity>& intensities);

/// The grids of the program together with those of the user. Lookup order: a number, the user's rows, cloud region,
/// sub-national zone, country, aggregate, World.
class GridBook {
public:
    /// With the rows that are compiled in.
    GridBook();

    const std::vector<GridZone>& zones() const { return m_zones; }
    const std::vector<CloudRegion>& regions() const { return m_regions; }
    const std::vector<IntensitySeries>& series() const { return m_series; }
    const std::vector<GridZone>& userZones() const { return m_user; }

    /// By number ("412.5" g/kWh), id, ISO code, region ("us-east-1", "aws us-east-1"), or name without regard to case
    /// and accents. @throws ValueError with suggestions, also when a name fits several rows.
    Intensity find(const std::string& text) const;
    /// As `find`, but a place that is not in the table gives World with a warning that says so: for logs of other
    /// programs, where nobody can be asked.
    Intensity findOrWorld(const std::string& text) const;

    /// The user's CSV: our columns (`id,name,g_per_kwh[,year,basis,source]`), `time,g_per_kwh`, or an export of
    /// Electricity Maps. Its rows come before ours. @throws IoError, FormatError naming line and column.
    void addCsv(const std::filesystem::path& path);
    void addCsvText(std::string_view text, const std::string& where);

private:
    std::vector<GridZone> m_user;
    std::vector<IntensitySeries> m_series;
    std::vector<GridZone> m_zones;
    std::vector<CloudRegion> m_regions;
    std::vector<std::pair<std::string, std::string>> m_aliases; // folded name, id
};

/// The rows that are compiled in, read once.
const GridBook& builtInGrids();

/// A series from the user's CSV. Gaps of at most 3 h are interpolated. @throws FormatError that names the first longer
/// gap.
IntensitySeries intensitySeriesFromCsv(std::string_view text, const std::string& where);
IntensitySeries readIntensitySeries(const std::filesystem::path& path);

/// "2024-03-01T05:00Z" or "2024-03-01 05:00:00" as hours since 1970 (UTC when no offset is given). @throws FormatError
std::int64_t hourFromIso(std::string_view text, const std::string& where);
/// "2024-03-01 05:00 UTC"
std::string hourToText(std::int64_t hour);

} // namespace paretoscope
