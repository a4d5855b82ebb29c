/* What clients look up and the simulator does not do: FFmpeg loads the driver only where all of it is there. */
#include "cuda.h"

#define ABSENT(name) SHARED int name(void); int name(void) { return CUDA_ERROR_NOT_SUPPORTED; }

ABSENT(cuMemAllocManaged) ABSENT(cuStreamAddCallback) ABSENT(cuLaunchKernel)
ABSENT(cuLinkCreate) ABSENT(cuLinkAddData) ABSENT(cuLinkComplete) ABSENT(cuLinkDestroy)
ABSENT(cuModuleLoadData) ABSENT(cuModuleUnload) ABSENT(cuModuleGetFunction) ABSENT(cuModuleGetGlobal)
ABSENT(cuTexObjectCreate) ABSENT(cuTexObjectDestroy)
ABSENT(cuGLGetDevices_v2) ABSENT(cuGraphicsGLRegisterImage) ABSENT(cuGraphicsUnregisterResource)
ABSENT(cuGraphicsMapResources) ABSENT(cuGraphicsUnmapResources)
ABSENT(cuGraphicsSubResourceGetMappedArray) ABSENT(cuGraphicsResourceGetMappedPointer_v2)
ABSENT(cuImportExternalMemory) ABSENT(cuDestroyExternalMemory)
ABSENT(cuExternalMemoryGetMappedBuffer) ABSENT(cuExternalMemoryGetMappedMipmappedArray)
ABSENT(cuMipmappedArrayGetLevel) ABSENT(cuMipmappedArrayDestroy)
ABSENT(cuImportExternalSemaphore) ABSENT(cuDestroyExternalSemaphore)
ABSENT(cuSignalExternalSemaphoresAsync) ABSENT(cuWaitExternalSemaphoresAsync)
ABSENT(cuArray3DCreate_v2) ABSENT(cuArrayCreate_v2) ABSENT(cuArrayDestroy)
ABSENT(cuEGLStreamProducerConnect) ABSENT(cuEGLStreamProducerDisconnect) ABSENT(cuEGLStreamConsumerDisconnect)
ABSENT(cuEGLStreamProducerPresentFrame) ABSENT(cuEGLStreamProducerReturnFrame)
