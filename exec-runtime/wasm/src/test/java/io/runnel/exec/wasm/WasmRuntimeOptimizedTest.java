package io.runnel.exec.wasm;

class WasmRuntimeOptimizedTest extends WasmRuntimeTest {
    @Override
    protected boolean optimizes() {
        return true;
    }
}
