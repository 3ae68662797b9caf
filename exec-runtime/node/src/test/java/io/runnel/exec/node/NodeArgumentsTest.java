package io.runnel.exec.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class NodeArgumentsTest {
    @Test
    void areRead() {
        NodeArguments read =
                NodeArguments.parse(List.of("--node", "ams", "--data", "d", "--no-lifeline"));
        assertEquals(Path.of("d"), read.data());
        assertEquals("ams", read.node().value());
        assertFalse(read.lifeline());
        assertEquals(Path.of("d/nodes/ams/store.db"), read.folder().store());
    }

    @Test
    void whatIsWrongIsNamed() {
        refused("--node needs a value", "--data", "d");
        refused("--data needs a value", "--node", "ams", "--data");
        refused("--nod is unknown", "--nod", "ams");
        refused("node name must be", "--data", "d", "--node", "../etc");
    }

    @Test
    void theLifelineTellsOfItsEnd() throws IOException, InterruptedException {
        PipedOutputStream supervisor = new PipedOutputStream();
        CountDownLatch cut = new CountDownLatch(1);
        BlockingQueue<Integer> said = new LinkedBlockingQueue<>();
        Lifeline.hold(new PipedInputStream(supervisor), said::add, cut::countDown);
        supervisor.write(new byte[1000]);
        supervisor.write('!');
        for (int i = 0; i < 1000; i++) {
            assertEquals(0, said.poll(10, TimeUnit.SECONDS));
        }
        assertEquals('!', said.poll(10, TimeUnit.SECONDS).intValue());
        assertEquals(1, cut.getCount());
        supervisor.close();
        assertTrue(cut.await(10, TimeUnit.SECONDS), "the lifeline was not seen to be cut");
    }

    private static void refused(String why, String... arguments) {
        var e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> NodeArguments.parse(List.of(arguments)));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }
}
