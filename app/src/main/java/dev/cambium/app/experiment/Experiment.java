package dev.cambium.app.experiment;

import java.util.List;
import java.util.Optional;

import dev.cambium.backend.BackendProvider;
import dev.cambium.data.Dataset;
import dev.cambium.data.Transform;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Optimizer;
import dev.cambium.nn.Schedule;
import dev.cambium.part.Part;
import dev.cambium.part.Setting;
import dev.cambium.train.Callback;

/**
 * What a training run is to do. Without any setting it is the reference run. Its settings are the keys of an experiment file.
 *
 * @param dataset
 *            what is learned; none stands for MNIST or, where that can't be had, synthetic digits
 * @param transforms
 *            what is done to the examples first, in this order
 * @param model
 *            what is trained
 * @param loss
 *            what is made small
 * @param optimizer
 *            how it is made small
 * @param schedule
 *            how the length of the optimizer's steps changes
 * @param callbacks
 *            what goes along with training
 * @param epochs
 *            how many times to go through the examples
 * @param batchSize
 *            how many examples a step takes
 * @param maxSteps
 *            after how many steps to stop
 * @param seed
 *            what all randomness follows from
 * @param backend
 *            what computes; none stands for the best that can be used
 */
@Part(name = "experiment", description = "what a training run is to do")
public record Experiment(
        @Setting(
                doc = "what is learned; without it mnist or, where that can't be had, synthetic-digits") Optional<Dataset> dataset,
        @Setting(doc = "what is done to the examples first, in this order",
                defaultValue = "") List<Transform> transforms,
        @Setting(doc = "what is trained: a layer, or a list of layers, which is a network",
                defaultValue = "mnist-cnn") Layer model,
        @Setting(doc = "what is made small", defaultValue = "cross-entropy") Loss loss,
        @Setting(doc = "how it is made small", defaultValue = "adam") Optimizer optimizer,
        @Setting(
                doc = "how the length of the optimizer's steps changes; without it they keep it") Optional<Schedule> schedule,
        @Setting(doc = "what goes along with training", defaultValue = "") List<Callback> callbacks,
        @Setting(doc = "how many times to go through the examples", defaultValue = "15", min = 1,
                max = 1_000_000) int epochs,
        @Setting(doc = "how many examples a step takes", defaultValue = "50", min = 1, max = 1_000_000) int batchSize,
        @Setting(doc = "stop after so many steps; without it when all epochs are done",
                min = 1) Optional<Long> maxSteps,
        @Setting(doc = "what initial weights, dropout and the order of examples follow from",
                defaultValue = "1") long seed,
        @Setting(
                doc = "what computes; without it the best that can be used here") Optional<BackendProvider> backend) {}
