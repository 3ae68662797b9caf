package io.runnel.exec.wasm;

import io.runnel.exec.isolate.TaskRuntime;

class WasmRuntimeUnmarkedTest extends WasmRuntimeOptimizedTest {
    private final TaskRuntime unmarked = Programs.runtime().withoutMarks();

    @Override
    protected TaskRuntime runtime() {
        return unmarked;
    }
}
