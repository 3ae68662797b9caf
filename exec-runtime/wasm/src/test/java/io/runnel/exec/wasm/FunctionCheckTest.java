package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.CodeRejectedException;

import org.junit.jupiter.api.Test;

import run.endive.wasm.Parser;

import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Our check of functions and the library's agree. */
class FunctionCheckTest {
    /** Of what these name, the library lets some pass that the specification does not. */
    private static final List<String> LAX =
            List.of("an undeclared function", "an unknown table, segment or memory, or two types");

    /**
     * The library refuses this of every function that refers to itself and is in no segment, also
     * of exported ones, which the specification lets refer to themselves: {@link
     * #whatIsExportedMayReferToItself}.
     */
    private static final String STRICT = "undeclared function reference";

    private static final int CHANGED_MODULES = 20_000;

    /** Why it is not valid, by our check; nothing if it is. */
    private static Optional<String> ours(byte[] module) throws Exception {
        try {
            ModuleShape shape = ModuleScan.scan(module);
            FunctionCheck.checkAll(module, shape.types());
            ModuleParser.skeleton(module, shape.functions(), true);
            return Optional.empty();
        } catch (CodeRejectedException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Optional<String> theirs(byte[] module) {
        try {
            Parser.builder().build().parse(() -> new ByteArrayInputStream(module));
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(e.toString());
        }
    }

    @Test
    void everyGuestIsValid() throws Exception {
        for (String guest : List.of("control", "everywhere", "remember", "tables", "bulk")) {
            assertEquals(Optional.empty(), ours(Guests.module(guest)), guest);
        }
    }

    /**
     * Bytes of functions are changed at random. What the library refuses, ours refuses; and what it
     * takes, ours takes, but for {@link #LAX} and {@link #STRICT}. Ours refuses before what tasks
     * may not use, so only what passes the scan counts.
     */
    @Test
    void changedFunctionsAreValidForBothOrForNone() throws Exception {
        long seed = new SecureRandom().nextLong();
        var random = new Random(seed);
        int valid = 0;
        int invalid = 0;
        for (int i = 0; i < CHANGED_MODULES; i++) {
            byte[] module = changed(Guests.module(i % 2 == 0 ? "control" : "everywhere"), random);
            if (!isScanned(module)) {
                continue;
            }
            Optional<String> ours = ours(module);
            Optional<String> theirs = theirs(module);
            if (ours.filter(why -> LAX.stream().anyMatch(why::contains)).isPresent()
                    || theirs.filter(why -> why.contains(STRICT)).isPresent()) {
                continue;
            }
            String what = "seed %d, module %d: %s, %s".formatted(seed, i, ours, theirs);
            assertEquals(theirs.isEmpty(), ours.isEmpty(), what);
            if (ours.isEmpty()) {
                valid++;
            } else {
                invalid++;
            }
        }
        int validAtLast = valid;
        int invalidAtLast = invalid;
        assertTrue(validAtLast > 500, () -> validAtLast + " valid ones");
        assertTrue(invalidAtLast > 500, () -> invalidAtLast + " that are not");
    }

    @Test
    void whatIsExportedMayReferToItself() throws Exception {
        assertEquals(Optional.empty(), ours(startsAndRefersTo("00")));
        String why = ours(startsAndRefersTo("01")).orElseThrow();
        assertTrue(why.contains("a reference to an undeclared function"), why);
    }

    /** Two functions of no parameters; the first is exported as a command's start. */
    private static byte[] startsAndRefersTo(String function) {
        String header = "00 61 73 6d 01 00 00 00";
        String typesAndFunctions = "01 04 01 60 00 00" + "03 03 02 00 00";
        String memory = "05 03 01 00 01";
        String exports = "07 13 02 06 5f 73 74 61 72 74 00 00 06 6d 65 6d 6f 72 79 02 00";
        String code = "0a 0a 02 05 00 d2 " + function + " 1a 0b 02 00 0b";
        String all = header + typesAndFunctions + memory + exports + code;
        return HexFormat.of().parseHex(all.replace(" ", ""));
    }

    private static boolean isScanned(byte[] module) {
        try {
            ModuleScan.scan(module);
            return true;
        } catch (CodeRejectedException e) {
            return false;
        }
    }

    private static byte[] changed(byte[] module, Random random) throws Exception {
        ModuleTypes types = ModuleScan.scan(module).types();
        int function = random.nextInt(types.bodyStarts().length);
        int from = types.bodyStarts()[function] + 1;
        int length = types.bodyEnds()[function] - from;
        for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
            int value = random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(0x45);
            module[from + random.nextInt(length)] = (byte) value;
        }
        return module;
    }
}
