package io.runnel.exec.wasm;

import java.util.BitSet;
import java.util.List;

/**
 * What a module declares, as checking and running its functions needs it: letters of types are
 * those of {@link Signature}, with {@code r} for a reference to a function and {@code e} for one of
 * the host. Functions are counted with the imported ones first. Not changed once made.
 */
@SuppressWarnings("ArrayRecordComponent") // Shared within the room, changed by nobody.
record ModuleTypes(
        List<String> types,
        int[] functionTypes,
        int imports,
        String globalTypes,
        BitSet mutableGlobals,
        String tableTypes,
        String elementTypes,
        int dataSegments,
        boolean dataCounted,
        BitSet referable,
        int[] bodyStarts,
        int[] bodyEnds) {

    String type(int function) {
        return types.get(functionTypes[function]);
    }

    int functions() {
        return functionTypes.length;
    }

    /** The size of the body of a function of the module's own, its locals included. */
    int bodyBytes(int function) {
        return bodyEnds[function - imports] - bodyStarts[function - imports];
    }

    static String parameters(String type) {
        return type.substring(0, type.indexOf(':'));
    }

    static String results(String type) {
        return type.substring(type.indexOf(':') + 1);
    }
}
