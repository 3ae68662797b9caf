package io.runnel.exec.wasm;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Functions whose byte code is so long that the JVM's own compiler leaves it alone (HotSpot's
 * {@code HugeMethodLimit}): they would run in the JVM's interpreter for ever, many times slower.
 */
final class LargeFunctions {
    /**
     * HotSpot's limit; it can be switched off, not moved, in a JVM that is not made to debug it.
     */
    static final int LIMIT_BYTES = 8000;

    private static final String PREFIX = "func_";
    private static final int MOST_NAMED = 8;

    private LargeFunctions() {}

    /** The length of the byte code of each function that is longer, by index. */
    static Map<Integer, Integer> find(CompiledClasses compiled) {
        return longerThan(LIMIT_BYTES, compiled);
    }

    static Map<Integer, Integer> longerThan(int bytes, CompiledClasses compiled) {
        Map<Integer, Integer> found = new TreeMap<>();
        for (byte[] file : compiled.classes().values()) {
            for (MethodModel method : ClassFile.of().parse(file).methods()) {
                int length = length(method);
                String name = method.methodName().stringValue();
                if (length > bytes && name.startsWith(PREFIX)) {
                    found.put(Integer.valueOf(name.substring(PREFIX.length())), length);
                }
            }
        }
        return found;
    }

    private static int length(MethodModel method) {
        return method.findAttribute(Attributes.code()).map(code -> code.codeLength()).orElse(0);
    }

    /** Whether this JVM compiles them all the same. */
    static boolean areCompiled() {
        return Flag.COMPILED;
    }

    /** What the owner of the module should know. */
    static List<String> notes(Map<Integer, Integer> large, byte[] module, boolean compiled) {
        List<String> notes = new ArrayList<>();
        FunctionNames names = FunctionNames.of(module);
        for (Map.Entry<Integer, Integer> function : large.entrySet()) {
            if (notes.size() == MOST_NAMED) {
                notes.add("%d more functions are as large".formatted(large.size() - MOST_NAMED));
                break;
            }
            notes.add(note(names.of(function.getKey()), function.getValue(), compiled));
        }
        return notes;
    }

    private static String note(String name, int length, boolean compiled) {
        return compiled
                ? "%s is large (%d bytes of byte code): the JVM compiles it, but later than others"
                        .formatted(name, length)
                : ("%s is too large for the JVM's compiler (%d bytes of byte code, %d at most): it"
                                + " runs many times slower; compile without inlining"
                                + " (-fno-inline), or split it")
                        .formatted(name, length, LIMIT_BYTES);
    }

    /** Read once, where it is needed: nodes are started with this. */
    private static final class Flag {
        static final boolean COMPILED =
                ManagementFactory.getRuntimeMXBean()
                        .getInputArguments()
                        .contains("-XX:-DontCompileHugeMethods");
    }
}
