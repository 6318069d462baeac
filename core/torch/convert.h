// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Between the library's tensors and LibTorch's, and between LibTorch's errors and ours.
#pragma once

#include "checkpoint/tensor.h"
#include "engine/engine.h"
#include "space/space.h"

#include <torch/script.h>

#include <new>
#include <string>
#include <utility>

namespace paretoscope {

/// Shares the bytes where the tensor is contiguous, and then keeps them alive; else a copy.
at::Tensor toTorch(const Tensor& tensor);
/// Shares the bytes of a contiguous CPU tensor; else a copy.
Tensor fromTorch(const at::Tensor& tensor);

at::ScalarType scalarType(NetPrecision precision);

/// Images for a net of the space: checked, of this type, on this device.
/// @throws ValueError when they are not N × channels × height × width floating numbers, N at least 1.
at::Tensor imagesFrom(const Tensor& images, const SearchSpace& space, at::ScalarType type, at::Device device);

/// What LibTorch says, as an error of ours: its first line, or that memory is short.
[[noreturn]] void throwEngineError(const std::string& what, const char* message);

/// Runs `f`; errors of LibTorch leave as EngineError, which names `what` was being done.
template <typename F>
auto guarded(const std::string& what, F&& f) -> decltype(f())
{
    try {
        return std::forward<F>(f)();
    } catch (const Error&) {
        throw;
    } catch (const c10::Error& e) {
        throwEngineError(what, e.what_without_backtrace());
    } catch (const std::bad_alloc&) {
        throwEngineError(what, "out of memory");
    } catch (const std::exception& e) {
        throwEngineError(what, e.what());
    }
}

} // namespace paretoscope
