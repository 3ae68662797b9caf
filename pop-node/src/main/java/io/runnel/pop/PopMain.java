package io.runnel.pop;

import io.runnel.exec.node.NodeProcess;

/** A POP as a process. */
public final class PopMain {
    private PopMain() {}

    /** Runs until it is told to end. */
    public static void main(String[] args) {
        NodeProcess.main(args, PopNode::start);
    }
}
