package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.microvm.guest.MovePoint;
import io.runnel.exec.network.NetworkPoint;
import io.runnel.exec.network.tcp.FlowKey;
import io.runnel.exec.network.tcp.FlowPoint;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** What nodes tell each other of a call that is moved, which may be hostile. */
final class MovePapersTest {
    @Test
    void anOfferIsReadAsItIsWritten() throws Exception {
        MoveOffer offer =
                new MoveOffer(
                        TaskRef.of("demo", "wander"),
                        3,
                        CodeDigest.of(new byte[] {1}),
                        Map.of("qemu", "7.2", "kernel", "abc"));
        assertEquals(offer, MoveOffer.ofJson(offer.toJson()));
    }

    @Test
    void anOfferThatIsNoneIsRefused() {
        for (String text :
                List.of("[]", "{}", "7", "null", "{\"account\":\"demo\",\"task\":\"../x\"}")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> MoveOffer.ofJson(text.getBytes(UTF_8)),
                    text);
        }
    }

    @Test
    void aStateIsReadAsItIsWritten() throws Exception {
        MovedState state =
                new MovedState(
                        new MovePoint(true, 1000, 262_144),
                        new NetworkPoint(
                                List.of(new FlowPoint(new FlowKey(40_000, 0xC612_0001, 80), -5, 7)),
                                List.of("db.example")),
                        StartKind.RESTORED,
                        12_345);
        assertEquals(state, MovedState.ofJson(state.toJson()));
    }

    @Test
    void aStateThatIsNoneIsRefused() {
        String sound =
                "{\"called\":true,\"guestCredit\":1,\"bodyCredit\":1,\"start\":\"warm\",\"ranNanos\":1}";
        for (String text :
                List.of(
                        "{}",
                        sound.replace("\"guestCredit\":1", "\"guestCredit\":-1"),
                        sound.replace("\"bodyCredit\":1", "\"bodyCredit\":99999999"),
                        sound.replace("warm", "hot"),
                        sound.replace("\"ranNanos\":1", "\"ranNanos\":-1"),
                        sound.replace("}", ",\"flows\":[[1,2,3]]}"))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> MovedState.ofJson(text.getBytes(UTF_8)),
                    text);
        }
    }
}
