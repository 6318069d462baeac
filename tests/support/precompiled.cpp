// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nothing but what the precompiled headers of the tests belong to.
int main() { return 0; }
