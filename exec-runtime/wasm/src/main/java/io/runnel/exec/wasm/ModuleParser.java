package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.ActiveElement;
import run.endive.wasm.types.DataSection;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.Element;
import run.endive.wasm.types.ElementSection;
import run.endive.wasm.types.PassiveDataSegment;
import run.endive.wasm.types.PassiveElement;
import run.endive.wasm.types.SectionId;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Parses modules that were scanned. What instances are made of needs no code, which would take many
 * times its size of the heap: {@link FunctionCheck} looks after that. Only the compiler needs all.
 */
final class ModuleParser {
    /** What parsing and compiling take of the heap, as measured: 200 with a large C program. */
    private static final long HEAP_BYTES_PER_INSTRUCTION = 250;

    private static final int HEADER_BYTES = 8;

    /** Three bytes: no locals, unreachable, end. */
    private static final byte[] UNREACHABLE_BODY = {3, 0, 0x00, 0x0B};

    private static final int[] SECTIONS = {
        SectionId.TYPE,
        SectionId.IMPORT,
        SectionId.FUNCTION,
        SectionId.TABLE,
        SectionId.MEMORY,
        SectionId.GLOBAL,
        SectionId.EXPORT,
        SectionId.START,
        SectionId.ELEMENT,
        SectionId.DATA_COUNT,
        SectionId.CODE,
        SectionId.DATA
    };

    private ModuleParser() {}

    /**
     * The module without its code. Its start function is not run when an instance is initialized.
     *
     * @param check whether types of constants and segments are checked, which takes the library
     *     longer than all the rest; what is not found now is found when an instance is made of it,
     *     or harms nobody
     * @throws CodeRejectedException if it is not valid
     */
    static WasmModule skeleton(byte[] module, int functions, boolean check)
            throws CodeRejectedException {
        return parse(withoutCode(module, functions), Parser.builder().withValidation(check));
    }

    /**
     * The bytes of the same module, where every function is replaced by one that fits any type and
     * never returns; without custom sections and the start section.
     */
    private static byte[] withoutCode(byte[] module, int functions) throws CodeRejectedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(module.length);
        out.write(module, 0, HEADER_BYTES);
        ModuleReader in = new ModuleReader(module, HEADER_BYTES, module.length);
        while (in.hasMore()) {
            int from = in.position();
            int section = in.u8();
            in.skip(in.u32());
            if (section == SectionId.CODE) {
                writeBodies(functions, out);
            } else if (section != SectionId.CUSTOM && section != SectionId.START) {
                out.write(module, from, in.position() - from);
            }
        }
        return out.toByteArray();
    }

    private static void writeBodies(int functions, ByteArrayOutputStream out) {
        ByteArrayOutputStream bodies = new ByteArrayOutputStream();
        writeUnsigned(functions, bodies);
        for (int i = 0; i < functions; i++) {
            bodies.writeBytes(UNREACHABLE_BODY);
        }
        out.write(SectionId.CODE);
        writeUnsigned(bodies.size(), out);
        out.writeBytes(bodies.toByteArray());
    }

    private static void writeUnsigned(int number, ByteArrayOutputStream out) {
        int left = number;
        while (left >= 0x80) {
            out.write((left & 0x7F) | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    /**
     * The same without what is done once, when the first instance is initialized: segments that
     * apply themselves. They are empty in here, so that the others keep their numbers.
     */
    static WasmModule seed(WasmModule skeleton) {
        ElementSection.Builder elements = ElementSection.builder();
        for (Element element : skeleton.elementSection().elements()) {
            elements.addElement(
                    element instanceof ActiveElement
                            ? new PassiveElement(element.type(), List.of())
                            : element);
        }
        DataSection.Builder data = DataSection.builder();
        for (DataSegment segment : skeleton.dataSection().dataSegments()) {
            data.addDataSegment(
                    segment instanceof ActiveDataSegment ? PassiveDataSegment.EMPTY : segment);
        }
        WasmModule.Builder seed =
                WasmModule.builder()
                        .withValidation(false)
                        .setTypeSection(skeleton.typeSection())
                        .setImportSection(skeleton.importSection())
                        .setFunctionSection(skeleton.functionSection())
                        .setTableSection(skeleton.tableSection())
                        .setGlobalSection(skeleton.globalSection())
                        .setExportSection(skeleton.exportSection())
                        .setElementSection(elements.build())
                        .setCodeSection(skeleton.codeSection())
                        .setDataSection(data.build());
        skeleton.memorySection().ifPresent(seed::setMemorySection);
        skeleton.dataCountSection().ifPresent(seed::setDataCountSection);
        return seed.build();
    }

    /**
     * The whole module, for the compiler. Takes modules whose code was checked.
     *
     * @throws CodeRejectedException if it is too large for this node
     */
    static WasmModule whole(byte[] module, ModuleShape shape) throws CodeRejectedException {
        requireHeap(shape);
        Parser.Builder parser = Parser.builder().withValidation(false);
        for (int section : SECTIONS) {
            parser.includeSectionId(section);
        }
        return parse(module, parser);
    }

    private static WasmModule parse(byte[] module, Parser.Builder parser)
            throws CodeRejectedException {
        try {
            return parser.build().parse(() -> new ByteArrayInputStream(module));
        } catch (RuntimeException | AssertionError e) {
            throw notValid(e);
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT, "the module is too large or too nested to parse", e);
        }
    }

    private static CodeRejectedException notValid(Throwable cause) {
        return new CodeRejectedException(
                Code.MALFORMED, "not valid WebAssembly: " + Messages.of(cause), cause);
    }

    /** At most half of the heap: the rest is for what runs meanwhile. */
    private static void requireHeap(ModuleShape shape) throws CodeRejectedException {
        long most = Runtime.getRuntime().maxMemory() / 2 / HEAP_BYTES_PER_INSTRUCTION;
        if (shape.instructions() > most) {
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT,
                    "this node can compile at most %d instructions: %d"
                            .formatted(most, shape.instructions()));
        }
    }
}
