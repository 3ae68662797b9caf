package io.runnel.exec.node;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntConsumer;

/**
 * The pipe from the process that started a node, which is the node's standard input. It ends the
 * node when that process is gone: however it dies, the pipe breaks and the read ends. What is said
 * on it is a byte each.
 */
final class Lifeline {
    private Lifeline() {}

    static Thread hold(InputStream pipe, IntConsumer said, Runnable whenCut) {
        return Thread.ofPlatform()
                .name("lifeline")
                .daemon()
                .start(
                        () -> {
                            hear(pipe, said);
                            whenCut.run();
                        });
    }

    private static void hear(InputStream pipe, IntConsumer said) {
        try {
            for (int word = pipe.read(); word >= 0; word = pipe.read()) {
                said.accept(word);
            }
        } catch (IOException e) {
            // A broken pipe is the same news as its end.
        }
    }
}
