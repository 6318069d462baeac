// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The operators of ONNX that the runner knows: those of the nets that are exported here.
#pragma once

#include <ATen/ATen.h>
#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

namespace paretoscope {

/// Numbers are taken from untrusted files: everything that could make the ONNX library or ATen divide by zero, overflow
/// or read past an end is refused.
/// @throws FormatError naming the operator, attribute or number that is not known here.
void checkOnnxNode(const onnx::NodeProto& node, const std::string& where);

/// Computes a node that has passed checkOnnxNode(); one input a name. @throws FormatError, c10::Error
at::Tensor runOnnxNode(const onnx::NodeProto& node, const std::vector<at::Tensor>& inputs, const std::string& where);

} // namespace paretoscope
