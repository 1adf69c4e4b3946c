/** The stable contract of Cambium: tensors and graph, autodiff, the service interfaces and the training loop. */
@org.jspecify.annotations.NullMarked
module cambium.api {
    requires static transitive org.jspecify;

    exports dev.cambium;
    exports dev.cambium.backend;
    exports dev.cambium.data;
    exports dev.cambium.nn;
    exports dev.cambium.part;
    exports dev.cambium.tensor;
    exports dev.cambium.train;

    uses dev.cambium.part.PartProvider;
}
