package io.runnel.exec.isolate;

class FakeRuntimeOptimizedTest extends FakeRuntimeTest {
    @Override
    protected boolean optimizes() {
        return true;
    }
}
