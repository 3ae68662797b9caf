package io.runnel.exec.microvm;

import io.runnel.exec.isolate.GuestAct;
import io.runnel.exec.microvm.guest.MicrovmTools;
import io.runnel.exec.microvm.image.CodePacker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/** MicroVMs for tests, in a folder that goes with them. */
final class TestMicrovms implements AutoCloseable {
    private static final Path ACTS = Path.of("src", "test", "guest", "acts.c");

    private final Path folder;
    private final Path acts;
    private final Path kernels;
    private final MicrovmRuntime runtime;

    TestMicrovms(Path folder) throws Exception {
        this.folder = folder;
        Path kernels = MicrovmTools.kernels();
        this.acts = MicrovmTools.compiled(ACTS, folder.resolve("acts"));
        this.kernels = kernels;
        this.runtime = runtimeHere();
    }

    /** Another that begins where the last one ended, which is closed. */
    MicrovmRuntime runtimeHere() {
        return new MicrovmRuntime(
                new MicrovmFolders(work(), kernels, folder.resolve("images")),
                Clock.systemUTC(),
                System::nanoTime,
                new SecureRandom(),
                address -> true);
    }

    /** What a node has for its microVMs. */
    Path work() {
        return folder.resolve("w");
    }

    MicrovmRuntime runtime() {
        return runtime;
    }

    /** A function that does this. */
    byte[] acting(GuestAct act) {
        return acting(act.name());
    }

    /** The same by its name, of those too that no other runtime has. */
    byte[] acting(String act) {
        try {
            Path code = folder.resolve(act);
            Files.createDirectories(code);
            Path bootstrap = code.resolve("bootstrap");
            if (!Files.exists(bootstrap)) {
                Files.copy(acts, bootstrap);
            }
            Files.writeString(code.resolve("act"), act);
            return CodePacker.pack(code);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        runtime.close();
    }
}
