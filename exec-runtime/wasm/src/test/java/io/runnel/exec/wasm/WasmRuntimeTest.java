package io.runnel.exec.wasm;

import io.runnel.exec.isolate.GuestAct;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.isolate.TaskRuntimeContract;

import java.security.SecureRandom;
import java.time.InstantSource;

class WasmRuntimeTest extends TaskRuntimeContract {
    private final WasmRuntime runtime =
            new WasmRuntime(InstantSource.system(), System::nanoTime, new SecureRandom());

    @Override
    protected TaskRuntime runtime() {
        return runtime;
    }

    @Override
    protected byte[] code(GuestAct act) {
        return Guests.module(act.name());
    }
}
