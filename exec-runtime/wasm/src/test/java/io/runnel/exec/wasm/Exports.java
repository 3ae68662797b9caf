package io.runnel.exec.wasm;

import run.endive.wasm.WasmModule;
import run.endive.wasm.types.Export;
import run.endive.wasm.types.ExternalType;

/** What modules export, for tests that call more of them than a command. */
final class Exports {
    private Exports() {}

    /** The index of the function that is exported by this name. */
    static int function(WasmModule module, String name) {
        for (int i = 0; i < module.exportSection().exportCount(); i++) {
            Export export = module.exportSection().getExport(i);
            if (export.exportType() == ExternalType.FUNCTION && export.name().equals(name)) {
                return export.index();
            }
        }
        throw new IllegalArgumentException("no function is exported as " + name);
    }
}
