package io.runnel.exec.node;

import java.io.IOException;
import java.io.InputStream;

/**
 * Ends a node when the process that started it is gone. That process holds the other end of the
 * node's standard input and never writes; however it dies, the pipe breaks and the read ends.
 */
final class Lifeline {
    private Lifeline() {}

    static Thread hold(InputStream pipe, Runnable whenCut) {
        return Thread.ofPlatform()
                .name("lifeline")
                .daemon()
                .start(
                        () -> {
                            drain(pipe);
                            whenCut.run();
                        });
    }

    private static void drain(InputStream pipe) {
        byte[] ignored = new byte[256];
        try {
            while (pipe.read(ignored) >= 0) {
                // Whatever is said here is not meant for us.
            }
        } catch (IOException e) {
            // A broken pipe is the same news as its end.
        }
    }
}
