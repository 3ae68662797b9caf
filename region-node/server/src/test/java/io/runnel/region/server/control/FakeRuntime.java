package io.runnel.region.server.control;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeReport;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes code that begins with "good", and can be held while it inspects. */
final class FakeRuntime implements TaskRuntime {
    volatile CountDownLatch inspecting = new CountDownLatch(0);
    volatile CountDownLatch release = new CountDownLatch(0);

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.WASM;
    }

    @Override
    public CodeReport inspect(byte[] code, Limits limits) throws CodeRejectedException {
        inspecting.countDown();
        hold();
        String text = new String(code, StandardCharsets.ISO_8859_1);
        if (text.startsWith("import ")) {
            throw new CodeRejectedException(
                    CodeRejectedException.Code.UNKNOWN_IMPORT, "unknown " + text);
        }
        if (!text.startsWith("good")) {
            throw new CodeRejectedException(
                    CodeRejectedException.Code.MALFORMED, "magic number must be \"good\"");
        }
        return new CodeReport(ByteSize.ofKiB(64), 3, List.of("a note"));
    }

    private void hold() {
        try {
            if (!release.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never released");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Program open(Task task, byte[] code) {
        throw new UnsupportedOperationException("control does not run code");
    }
}
