package io.runnel.exec.isolate;

import io.runnel.exec.task.RuntimeKind;

class FakeRuntimeTest extends TaskRuntimeContract {
    private final FakeRuntime runtime = new FakeRuntime(RuntimeKind.WASM);

    @Override
    protected TaskRuntime runtime() {
        return runtime;
    }

    @Override
    protected byte[] code(GuestAct act) {
        return FakeRuntime.code(act.name());
    }
}
