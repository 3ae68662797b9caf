package io.runnel.exec.microvm;

import io.runnel.exec.isolate.GuestAct;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.isolate.TaskRuntimeContract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The rules of runtimes, for functions in microVMs. */
final class MicrovmContractIT extends TaskRuntimeContract {
    private static TestMicrovms microvms;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        microvms = new TestMicrovms(folder);
    }

    @AfterAll
    static void close() throws Exception {
        if (microvms != null) {
            microvms.close();
        }
    }

    @Override
    protected TaskRuntime runtime() {
        return microvms.runtime();
    }

    @Override
    protected byte[] code(GuestAct act) {
        return microvms.acting(act);
    }

    @Override
    protected int tries() {
        return 5;
    }

    @Override
    protected boolean isFreshAtOnce() {
        return false;
    }
}
