package dev.cambium.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionRun;

import java.util.ArrayList;
import java.util.List;

import org.bytedeco.javacpp.PointerPointer;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Tensor;

import dev.cambium.tensor.NdArray;
import dev.cambium.tensor.TensorType;

/** What a session is asked to run, again and again: what is fed, what is fetched, and what is to be run besides. */
final class Call implements AutoCloseable {
    private final GraphSession session;
    private final List<TensorType> types;
    private final int targetCount;
    private final TF_Output feeds;
    private final TF_Output fetches;
    private final PointerPointer<TF_Operation> targets;
    private final PointerPointer<TF_Tensor> given;
    private final PointerPointer<TF_Tensor> results;

    /**
     * Prepares a call.
     *
     * @param types
     *            the types of what is fetched
     */
    Call(GraphSession session, List<Output> feeds, List<Output> fetches, List<TensorType> types, List<Output> targets) {
        this.session = session;
        this.types = List.copyOf(types);
        this.targetCount = targets.size();
        this.feeds = OpBuilder.array(feeds);
        this.fetches = OpBuilder.array(fetches);
        this.targets = new PointerPointer<>(targets.size());
        for (int i = 0; i < targets.size(); i++) {
            this.targets.put(i, targets.get(i).operation());
        }
        given = new PointerPointer<>(feeds.size());
        results = new PointerPointer<>(fetches.size());
    }

    /**
     * Runs it.
     *
     * @param values
     *            what is fed, in order
     * @return what is fetched, in order
     * @throws TensorFlowException
     *             if TensorFlow says that it failed
     */
    List<NdArray> run(List<NdArray> values) {
        var feeding = new ArrayList<TF_Tensor>();
        try {
            for (NdArray value : values) {
                feeding.add(Elements.copyIn(value));
                given.put(feeding.size() - 1, feeding.getLast());
            }
            TF_SessionRun(session.pointer(), null, feeds, given, values.size(), fetches, results, types.size(), targets,
                    targetCount, null, session.status().pointer());
            session.status().check();
            return fetched();
        } finally {
            feeding.forEach(tensor -> TF_DeleteTensor(tensor));
        }
    }

    private List<NdArray> fetched() {
        var tensors = new ArrayList<TF_Tensor>();
        for (int i = 0; i < types.size(); i++) {
            tensors.add(results.get(TF_Tensor.class, i));
        }
        try {
            var values = new ArrayList<NdArray>();
            for (int i = 0; i < types.size(); i++) {
                values.add(Elements.copyOut(tensors.get(i), types.get(i)));
            }
            return values;
        } finally {
            tensors.forEach(tensor -> TF_DeleteTensor(tensor));
        }
    }

    @Override
    public void close() {
        feeds.close();
        fetches.close();
        targets.close();
        given.close();
        results.close();
    }
}
