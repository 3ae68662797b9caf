package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Which stores leave no mark, and that all of them are brought back. */
class GuestWritesTest {
    private static final int NEAR = DirtyPages.NEAR;
    private static final int MEMORY = 65536;

    /** i64.store of a negative number at parameter 0, with this offset. */
    private static ModuleBytes store(int offset) {
        return bytes().raw(0x20, 0, 0x42, 0x7F, 0x37, 0).u32(offset);
    }

    private static CompiledGuest storing(ModuleBytes code) throws Exception {
        return CompiledGuest.ofFunction(bytes().raw(0).add(code).raw(0x41, 0, 0x0B));
    }

    /** For each store: "+" if it leaves a mark, "-" if it does not. */
    private static String marks(ModuleBytes code) throws Exception {
        StringBuilder marks = new StringBuilder();
        for (String call : storing(code).calls(1)) {
            if (call.startsWith("memoryWrite")) {
                marks.append(call.endsWith("Near") ? '-' : '+');
            }
        }
        return marks.toString();
    }

    @Test
    void oneMarkIsEnoughForWhatIsNear() throws Exception {
        assertEquals(
                "+--+",
                marks(store(NEAR).add(store(0)).add(store(2 * NEAR)).add(store(2 * NEAR + 1))));
        // The same with the constant added or taken away before.
        ModuleBytes more = bytes().raw(0x20, 0, 0x41, 8, 0x6A, 0x42, 0, 0x37, 0, 0);
        ModuleBytes less = bytes().raw(0x20, 0, 0x41, 8, 0x6B, 0x42, 0, 0x37, 0, 0);
        assertEquals("+--", marks(store(0).add(more).add(less)));
        // Constants are near each other.
        ModuleBytes constants =
                bytes().raw(0x41, 4, 0x41, 1, 0x36, 0, 0, 0x41, 12, 0x41, 1, 0x36, 0, 0);
        assertEquals("+-", marks(constants));
    }

    @Test
    void whatMayBeAnotherPlaceIsMarked() throws Exception {
        ModuleBytes assign = bytes().raw(0x20, 1, 0x21, 0);
        assertEquals("++", marks(store(0).add(assign).add(store(0))));
        ModuleBytes tee = bytes().raw(0x20, 1, 0x22, 0, 0x1A);
        assertEquals("++", marks(store(0).add(tee).add(store(0))));
        ModuleBytes other = bytes().raw(0x20, 1, 0x42, 0, 0x37, 0, 0);
        assertEquals("++", marks(store(0).add(other)));
        // A way around the first store.
        ModuleBytes perhaps = bytes().raw(0x20, 1, 0x04, 0x40).add(store(0)).raw(0x0B);
        assertEquals("++", marks(perhaps.add(store(0))));
        // Assigned after the second, but in a loop.
        ModuleBytes loop =
                bytes().raw(0x03, 0x40).add(store(0)).add(assign).raw(0x20, 1, 0x0D, 0, 0x0B);
        assertEquals("++", marks(store(0).add(loop)));
    }

    @Test
    void aMarkAtTheBeginningStays() throws Exception {
        ModuleBytes loop = bytes().raw(0x03, 0x40).add(store(8)).raw(0x20, 1, 0x0D, 0, 0x0B);
        assertEquals("+-", marks(store(0).add(loop)));
        ModuleBytes either =
                bytes().raw(0x20, 1, 0x04, 0x40).add(store(8)).raw(0x05).add(store(16)).raw(0x0B);
        assertEquals("+--", marks(store(0).add(either)));
    }

    @Test
    void everythingNearIsBroughtBack() throws Exception {
        CompiledGuest guest = storing(store(NEAR).add(store(0)).add(store(2 * NEAR)));
        byte[] first = new byte[MEMORY];
        for (int at = 0; at < 3000; at++) {
            for (int place : List.of(at, MEMORY - 2 * NEAR - 8 - at)) {
                guest.apply(place, 0);
                assertEquals(-1, guest.instance().memory().read(place));
                guest.instance().restore(guest.first());
                assertArrayEquals(first, guest.instance().memory().array(), "at " + place);
            }
        }
    }
}
