package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.Program;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class LargeFunctionsTest {
    /** A command of so many additions, with a name section. */
    private static byte[] module(int additions) {
        ModuleBytes body = bytes().raw(1, 1, 0x7F);
        for (int i = 0; i < additions; i++) {
            body.raw(0x20, 0, 0x41, 1, 0x6A, 0x21, 0);
        }
        ModuleBytes functions = bytes().raw(1, 0).name("crunch\n");
        return ModuleBytes.command()
                .code(body.raw(0x0B))
                .section(
                        0,
                        bytes().name("name").raw(1).u32(functions.toBytes().length).add(functions))
                .toBytes();
    }

    private static Map<Integer, Integer> find(byte[] module) throws Exception {
        ModuleShape shape = ModuleScan.scan(module);
        return LargeFunctions.find(ModuleCompiler.compile(ModuleParser.whole(module, shape)));
    }

    @Test
    void functionsBeyondTheLimitAreFound() throws Exception {
        assertEquals(Map.of(), find(module(1000)));
        Map<Integer, Integer> found = find(module(2500));
        assertEquals(List.of(0), List.copyOf(found.keySet()));
        assertTrue(found.get(0) > LargeFunctions.LIMIT_BYTES, found.toString());
    }

    @Test
    void theyAreToldByName() throws Exception {
        byte[] module = module(2500);
        List<String> notes = LargeFunctions.notes(Map.of(0, 9000), module, false);
        assertEquals(1, notes.size());
        assertTrue(notes.getFirst().startsWith("function 0 (crunch ) is too large"), "" + notes);
        assertTrue(
                LargeFunctions.notes(Map.of(0, 9000), module, true).toString().contains("later"));
        Program program = Programs.open(module);
        assertEquals(List.of(), program.notes());
        program.optimize();
        assertEquals(1, program.notes().size(), program.notes().toString());
    }

    @Test
    void manyAreCounted() {
        var large = new java.util.TreeMap<Integer, Integer>();
        for (int i = 0; i < 20; i++) {
            large.put(i, 9000);
        }
        List<String> notes = LargeFunctions.notes(large, module(1), false);
        assertEquals(9, notes.size());
        assertEquals("12 more functions are as large", notes.getLast());
    }
}
