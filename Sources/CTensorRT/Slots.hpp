#pragma once
#include "include/CTensorRT.h"

// Where each method stands in the vtable of its object's implementation. Families are columns, so that a row shows at a
// glance what moved between versions. These are facts of TensorRT's public binary interface; the tests drive doubles
// whose vtables come from complete lists of all slots, kept apart from this table.

namespace trt {

struct Method {
    const char *name;
    int slots[4]; // by `trt_family`
};

constexpr int absent = -1;

namespace builder {
//                                                                        8.6      10      11     RTX
constexpr Method createBuilderConfig{"createBuilderConfig",             {   9,      7,      5,      5}};
constexpr Method createNetworkV2{"createNetworkV2",                     {  11,      8,      6,      6}};
constexpr Method createOptimizationProfile{"createOptimizationProfile", {  12,      9,      7,      7}};
constexpr Method buildSerializedNetwork{"buildSerializedNetwork",       {  17,     14,     11,     11}};
constexpr Method setMaxThreads{"setMaxThreads",                         {  20,     17,     14,     14}};
} // namespace builder

namespace network {
constexpr Method getNbLayers{"getNbLayers",                             {  17,     12,     12,     12}};
constexpr Method getNbInputs{"getNbInputs",                             {  19,     14,     14,     14}};
constexpr Method getInput{"getInput",                                   {  20,     15,     15,     15}};
constexpr Method getNbOutputs{"getNbOutputs",                           {  21,     16,     16,     16}};
constexpr Method getOutput{"getOutput",                                 {  22,     17,     17,     17}};
} // namespace network

namespace config {
constexpr Method setFlag{"setFlag",                                     {  15,     11,      9,      9}};
constexpr Method addOptimizationProfile{"addOptimizationProfile",       {  29,     25,     23,     23}};
constexpr Method setProfilingVerbosity{"setProfilingVerbosity",         {  31,     27,     25,     25}};
constexpr Method createTimingCache{"createTimingCache",                 {  44,     40,     29,     29}};
constexpr Method setTimingCache{"setTimingCache",                       {  45,     41,     30,     30}};
constexpr Method setMemoryPoolLimit{"setMemoryPoolLimit",               {  47,     43,     32,     32}};
constexpr Method setOptimizationLevel{"setBuilderOptimizationLevel",    {  51,     47,     36,     36}};
constexpr Method setHardwareCompatibility{"setHardwareCompatibilityLevel", {53,    49,     38,     38}};
constexpr Method setProgressMonitor{"setProgressMonitor",               {absent,   56,     45,     45}};
constexpr Method setNbComputeCapabilities{"setNbComputeCapabilities",   {absent, absent, absent,   55}};
constexpr Method setComputeCapability{"setComputeCapability",           {absent, absent, absent,   57}};
} // namespace config

namespace profile {
constexpr Method setDimensions{"setDimensions",                         {   2,      2,      2,      2}};
constexpr Method isValid{"isValid",                                     {   9,      9,      7,      7}};
} // namespace profile

namespace tensor {
constexpr Method getName{"getName",                                     {   3,      3,      3,      3}};
constexpr Method getDimensions{"getDimensions",                         {   5,      5,      5,      5}};
constexpr Method getType{"getType",                                     {   7,      7,      6,      6}};
} // namespace tensor

namespace memory {
constexpr Method data{"data",                                           {   2,      2,      2,      2}};
constexpr Method size{"size",                                           {   3,      3,      3,      3}};
} // namespace memory

namespace timingCache {
constexpr Method serialize{"serialize",                                 {   2,      2,      2,      2}};
} // namespace timingCache

namespace runtime {
constexpr Method deserializeCudaEngine{"deserializeCudaEngine",         {   2,      3,      3,      3}};
constexpr Method setEngineHostCodeAllowed{"setEngineHostCodeAllowed",   {  20,     21,     20,     20}};
constexpr Method getEngineHostCodeAllowed{"getEngineHostCodeAllowed",   {  21,     22,     21,     21}};
} // namespace runtime

namespace engine {
constexpr Method getNbLayers{"getNbLayers",                             {   9,      3,      3,      3}};
constexpr Method createExecutionContext{"createExecutionContext",       {  11,      5,      5,      5}};
constexpr Method getDeviceMemorySize{"getDeviceMemorySize",             {  14,      7,   absent, absent}};
constexpr Method getDeviceMemorySizeV2{"getDeviceMemorySizeV2",         {absent,   52,     44,     44}};
constexpr Method getNbOptimizationProfiles{"getNbOptimizationProfiles", {  22,     10,      8,      8}};
constexpr Method createEngineInspector{"createEngineInspector",         {  33,     18,     14,     14}};
constexpr Method getTensorShape{"getTensorShape",                       {  34,     19,     15,     15}};
constexpr Method getTensorDataType{"getTensorDataType",                 {  35,     20,     16,     16}};
constexpr Method getTensorIOMode{"getTensorIOMode",                     {  38,     23,     19,     19}};
constexpr Method getProfileShape{"getProfileShape",                     {  44,     29,     25,     25}};
constexpr Method getNbIOTensors{"getNbIOTensors",                       {  45,     30,     26,     26}};
constexpr Method getIOTensorName{"getIOTensorName",                     {  46,     31,     27,     27}};
constexpr Method getHardwareCompatibility{"getHardwareCompatibilityLevel", {47,    32,     28,     28}};
constexpr Method createContextWithConfig{"createExecutionContextWithRuntimeConfig", {absent, absent, absent, 47}};
constexpr Method createRuntimeConfig{"createRuntimeConfig",             {absent, absent, absent,   48}};
} // namespace engine

namespace runtimeConfig {
constexpr Method createRuntimeCache{"createRuntimeCache",               {absent, absent, absent,    5}};
constexpr Method setRuntimeCache{"setRuntimeCache",                     {absent, absent, absent,    6}};
constexpr Method setSpecializationStrategy{"setDynamicShapesKernelSpecializationStrategy", {absent, absent, absent, 8}};
constexpr Method setCudaGraphStrategy{"setCudaGraphStrategy",           {absent, absent, absent,   10}};
} // namespace runtimeConfig

namespace runtimeCache {
constexpr Method serialize{"serialize",                                 {absent, absent, absent,    2}};
constexpr Method deserialize{"deserialize",                             {absent, absent, absent,    3}};
} // namespace runtimeCache

namespace context {
constexpr Method setOptimizationProfileAsync{"setOptimizationProfileAsync", {25,   17,     16,     16}};
constexpr Method setInputShape{"setInputShape",                         {  29,     21,     20,     20}};
constexpr Method getTensorShape{"getTensorShape",                       {  30,     22,     21,     21}};
constexpr Method setTensorAddress{"setTensorAddress",                   {  32,     24,     23,     23}};
constexpr Method inferShapes{"inferShapes",                             {  35,     28,     27,     27}};
constexpr Method enqueueV3{"enqueueV3",                                 {  44,     37,     36,     36}};
} // namespace context

namespace inspector {
constexpr Method getEngineInformation{"getEngineInformation",           {   5,      6,      6,      6}};
} // namespace inspector

// Parsers and their errors are plain interfaces: these slots are in the object's own vtable.
namespace parser {
constexpr Method parse{"parse",                                         {   0,      0,      0,      0}};
constexpr Method parseFromFile{"parseFromFile",                         {   1,      1,      1,      1}};
constexpr Method getNbErrors{"getNbErrors",                             {   6,      5,      3,      3}};
constexpr Method getError{"getError",                                   {   7,      6,      4,      4}};
constexpr Method deletingDestructor{"~IParser",                         {  10,      9,      7,      7}};
} // namespace parser

namespace parserError {
constexpr Method code{"code",                                           {   0,      0,      0,      0}};
constexpr Method desc{"desc",                                           {   1,      1,      1,      1}};
constexpr Method node{"node",                                           {   5,      5,      5,      5}};
constexpr Method nodeName{"nodeName",                                   {absent,    6,      6,      6}};
constexpr Method nodeOperator{"nodeOperator",                           {absent,    7,      7,      7}};
} // namespace parserError

/// Builder flags by `trt_flag`. Since 11 precision is what the network says.
constexpr int flags[3][4] = {
    //  8.6     10      11     RTX
    {    0,      0,  absent, absent}, // fp16
    {    1,      1,  absent, absent}, // int8
    {   15,     13,     12,     12},  // version compatible
};

/// `createNetworkV2`'s flags: explicit batch on 8.6, strongly typed on 10; neither is a choice afterwards.
constexpr uint32_t networkFlags[4] = {1, 2, 0, 0};

/// `createNvOnnxParser_INTERNAL`'s version: 0.1.0, on RTX 0.2.0.
constexpr int32_t parserVersions[4] = {100, 100, 100, 200};

} // namespace trt
