#include "CFaceImages.h"
