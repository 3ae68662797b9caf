package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.CodeSection;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.SectionId;

import java.io.ByteArrayInputStream;
import java.util.List;

/** Parses and validates modules that were scanned. */
final class ModuleParser {
    /** What parsing and compiling take of the heap, as measured: 200 with a large C program. */
    private static final long HEAP_BYTES_PER_INSTRUCTION = 250;

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
     * Parses and validates the module; names and other custom sections are left out.
     *
     * @throws CodeRejectedException if it is not valid, or too large for this node
     */
    static WasmModule parse(byte[] module, ModuleShape shape) throws CodeRejectedException {
        requireHeap(shape);
        Parser.Builder parser = Parser.builder();
        for (int section : SECTIONS) {
            parser.includeSectionId(section);
        }
        try {
            return parser.build().parse(() -> new ByteArrayInputStream(module));
        } catch (RuntimeException | AssertionError e) {
            throw new CodeRejectedException(
                    Code.MALFORMED, "not valid WebAssembly: " + Messages.of(e), e);
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw new CodeRejectedException(
                    Code.COMPILE_LIMIT, "the module is too large or too nested to parse", e);
        }
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

    /**
     * The module without its code, of which every instance would hold on to many times the size:
     * what runs is the compiled code.
     */
    static WasmModule withoutCode(WasmModule module) {
        FunctionBody empty = new FunctionBody(List.of(), List.of());
        CodeSection.Builder bodies = CodeSection.builder();
        for (int i = 0; i < module.codeSection().functionBodyCount(); i++) {
            bodies.addFunctionBody(empty);
        }
        WasmModule.Builder slim =
                WasmModule.builder()
                        .withValidation(false)
                        .setTypeSection(module.typeSection())
                        .setImportSection(module.importSection())
                        .setFunctionSection(module.functionSection())
                        .setTableSection(module.tableSection())
                        .setGlobalSection(module.globalSection())
                        .setExportSection(module.exportSection())
                        .setElementSection(module.elementSection())
                        .setCodeSection(bodies.build())
                        .setDataSection(module.dataSection());
        module.memorySection().ifPresent(slim::setMemorySection);
        module.startSection().ifPresent(slim::setStartSection);
        module.dataCountSection().ifPresent(slim::setDataCountSection);
        return slim.build();
    }
}
