package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.runnel.exec.isolate.Collected;
import io.runnel.exec.isolate.Contracts;
import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Program;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.wasi.AssetArchive;
import io.runnel.exec.wasi.AssetLimits;
import io.runnel.exec.wasi.Assets;
import io.runnel.exec.wasi.FileLimits;
import io.runnel.exec.wasi.GuestFiles;
import io.runnel.exec.wasi.HostSources;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of a real guest: its task's assets, and its own, which end with the call. */
class FilesOfCallsTest {
    private static final byte[] CODE = Guests.module("secret_file");

    @TempDir private Path folder;

    private static String run(Isolate isolate, Task task) {
        var out = new Collected();
        Outcome outcome =
                isolate.run(
                        Contracts.invocation(task),
                        InputStream.nullInputStream(),
                        out,
                        OutputSink.NOWHERE);
        assertInstanceOf(Outcome.Completed.class, outcome);
        return out.text();
    }

    @Test
    void whatOneCallWroteNoOtherFinds() throws Exception {
        Task task = Contracts.task(RuntimeKind.WASM, "secret", CODE, Limits.DEFAULT);
        try (Program program = new WasmRuntime(HostSources.ofSystem()).open(task, CODE)) {
            program.optimize();
            Isolate kept = program.newIsolate();
            for (int i = 0; i < 5; i++) {
                assertEquals("0", run(kept, task), "in an isolate that is kept");
                assertEquals("0", run(program.newIsolate(), task), "in a new one");
            }
        }
    }

    @Test
    void assetsAreThere() throws Exception {
        Files.writeString(folder.resolve("greeting"), "good day");
        Assets assets = Assets.fromZip(AssetArchive.of(folder), AssetLimits.DEFAULT);
        HostSources host =
                HostSources.ofSystem().withFiles(GuestFiles.ofTask(assets, FileLimits.DEFAULT));
        Task task = Contracts.task(RuntimeKind.WASM, "secret", CODE, Limits.DEFAULT);
        try (Program program = new WasmRuntime(host).open(task, CODE)) {
            program.optimize();
            Isolate kept = program.newIsolate();
            assertEquals("0good day", run(kept, task));
            assertEquals("0good day", run(kept, task));
        }
    }
}
